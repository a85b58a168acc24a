import { Secret } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { alertMailServer } from './alert-mail-server.ts';

const given = { host: 'mail.example.org', from: 'mailroom@example.org' };
const right = (options: Parameters<typeof alertMailServer>[0], ports: Parameters<typeof alertMailServer>[1]) => {
  const read = alertMailServer(options, ports, { MAIL_PASSWORD: 'secret' });
  if (E.isLeft(read)) throw new Error(read.left.join());
  return read.right;
};

describe('the deployment’s mail server', () => {
  it('has the port and the encryption that belong together, within the port policy', () => {
    expect(right(given, 'unrestricted')).toMatchObject({ port: 587, tls: 'starttls' });
    expect(right(given, 'government-2017')).toMatchObject({ port: 465, tls: 'tls' });
    expect(right({ ...given, port: 465 }, 'unrestricted')).toMatchObject({ port: 465, tls: 'tls' });
    expect(right({ ...given, port: 2525, tls: 'starttls' }, 'unrestricted')).toMatchObject({ port: 2525 });
  });

  it('is not on a port that the policy closes', () => {
    const closed = (port: number) => alertMailServer({ ...given, port }, 'commercial-2025', {});
    expect(closed(587)).toMatchObject({ right: { port: 587 } });
    expect(closed(25)).toEqual(
      E.left(['port: expected one that the port policy of this deployment opens: 80, 443, 465, 587 or 993']),
    );
  });

  it('logs in with a password from the program or from the environment, or not at all', () => {
    expect(right(given, 'unrestricted').login).toBeNull();
    const inProgram = { ...given, userName: 'mailroom', password: new Secret('secret') };
    expect(right(inProgram, 'unrestricted').login?.password.reveal()).toBe('secret');
    const named = { ...given, userName: 'mailroom', password: { env: 'MAIL_PASSWORD' } };
    expect(right(named, 'unrestricted').login?.password.reveal()).toBe('secret');
  });

  it('tells all that is wrong at once, and repeats no value', () => {
    const wrong = { host: 'mail.example.org:25', from: 'nobody', port: 99_999, userName: 'a\r\nb' };
    const read = alertMailServer({ ...wrong, password: { env: 'UNSET' } }, 'unrestricted', {});
    expect(E.isLeft(read) && read.left.map((finding) => finding.split(':')[0])).toEqual([
      'host',
      'from',
      'port',
      'userName',
      'password',
    ]);
    expect(JSON.stringify(read)).not.toMatch(/nobody|:25|99999/);
    expect(alertMailServer({ ...given, userName: 'ada' }, 'unrestricted', {})).toEqual(
      E.left(['userName, password: expected both or none']),
    );
    expect(alertMailServer(given, [993], {})).toMatchObject({ left: [expect.stringContaining('port policy')] });
  });
});
