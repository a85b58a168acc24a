import { describe, expect, test } from 'vitest';
import type { Protocol, TlsMode } from './endpoint.ts';
import { allowedPorts, automaticPort, automaticTls, isPortAllowed, portsInWords } from './port-policy.ts';

describe('the presets', () => {
  test('unrestricted leaves every port open', () => {
    expect(allowedPorts('unrestricted')).toBeNull();
    for (const port of [1, 25, 143, 65_535]) expect(isPortAllowed('unrestricted', port)).toBe(true);
  });

  test('government-2017 leaves open what the seed lists', () => {
    expect(allowedPorts('government-2017')).toEqual([80, 443, 465, 995]);
    for (const port of [80, 443, 465, 995]) expect(isPortAllowed('government-2017', port)).toBe(true);
    for (const port of [25, 110, 143, 587, 993]) expect(isPortAllowed('government-2017', port)).toBe(false);
  });

  test('government-2017 serves POP3 on 995 and SMTP on 465, both with TLS, and IMAP nowhere', () => {
    const policy = 'government-2017';
    expect(automaticTls('pop3', null, policy)).toBe('tls');
    expect(automaticPort('pop3', 'tls', policy)).toBe(995);
    expect(automaticTls('smtp', null, policy)).toBe('tls');
    expect(automaticPort('smtp', 'tls', policy)).toBe(465);
    for (const tls of ['tls', 'starttls', 'none'] as const) expect(automaticPort('imap', tls, policy)).toBeNull();
  });

  test('commercial-2025 serves IMAP on 993 and SMTP on 587 or 465, and POP3 nowhere', () => {
    expect(allowedPorts('commercial-2025')).toEqual([80, 443, 465, 587, 993]);
    expect(automaticPort('imap', 'tls', 'commercial-2025')).toBe(993);
    expect(automaticTls('smtp', null, 'commercial-2025')).toBe('starttls');
    expect(automaticPort('pop3', 'tls', 'commercial-2025')).toBeNull();
  });

  test('a list of ports is the ports themselves', () => {
    expect(allowedPorts([2525])).toEqual([2525]);
    expect([isPortAllowed([2525], 2525), isPortAllowed([2525], 25), isPortAllowed([], 25)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test.each<[Protocol, TlsMode, number]>([
  ['imap', 'tls', 993],
  ['imap', 'starttls', 143],
  ['imap', 'none', 143],
  ['pop3', 'tls', 995],
  ['pop3', 'starttls', 110],
  ['pop3', 'none', 110],
  ['smtp', 'starttls', 587],
  ['smtp', 'tls', 465],
  ['smtp', 'none', 25],
])('the port of %s with %s is %i', (protocol, tls, port) => {
  expect(automaticPort(protocol, tls, 'unrestricted')).toBe(port);
  expect(automaticPort(protocol, tls, [port])).toBe(port);
  expect(automaticPort(protocol, tls, [1])).toBeNull();
});

describe('the encryption where none was asked for', () => {
  test('belongs to the port that was chosen, whatever the policy', () => {
    const chosen: readonly [Protocol, number, TlsMode][] = [
      ['imap', 993, 'tls'],
      ['imap', 143, 'starttls'],
      ['pop3', 995, 'tls'],
      ['pop3', 110, 'starttls'],
      ['smtp', 465, 'tls'],
      ['smtp', 587, 'starttls'],
    ];
    for (const [protocol, port, tls] of chosen) expect(automaticTls(protocol, port, [])).toBe(tls);
  });

  test('is the best one whose port is open, and the best one when none is; never none', () => {
    expect(automaticTls('imap', null, 'unrestricted')).toBe('tls');
    expect(automaticTls('pop3', null, 'unrestricted')).toBe('tls');
    expect(automaticTls('smtp', null, 'unrestricted')).toBe('starttls');
    expect(automaticTls('imap', null, [143])).toBe('starttls');
    expect(automaticTls('smtp', null, [465])).toBe('tls');
    expect(automaticTls('imap', null, [])).toBe('tls');
    expect(automaticTls('smtp', 25, 'unrestricted')).toBe('starttls');
  });
});

test('ports are told as people read them', () => {
  expect(portsInWords('unrestricted')).toBe('any');
  expect(portsInWords([])).toBe('none');
  expect(portsInWords([465])).toBe('465');
  expect(portsInWords([465, 587])).toBe('465 or 587');
  expect(portsInWords('commercial-2025')).toBe('80, 443, 465, 587 or 993');
});
