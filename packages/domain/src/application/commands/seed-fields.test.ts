import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../kernel/rejection.ts';
import { decodeCommand } from './decode-command.ts';

// The fields of the email server profile as the seed lists them: what each takes, at both ends of its range.

const id = '7c3cd0e6-506a-5003-9e49-9f6dc3815265';
const change = { type: 'ChangeProfile', profileId: id };
const credentials = { type: 'SetProfileCredentials', profileId: id, userName: 'service', password: 'x' };

/** The fields that are refused; none when the command is read. */
const refused = (input: unknown): readonly (string | null)[] => {
  const decoded = decodeCommand(input);
  return E.isRight(decoded) ? [] : findingsOf(decoded.left).map(({ field }) => field);
};

const takes = (base: object, field: string, values: readonly unknown[]): void => {
  for (const value of values) expect(refused({ ...base, [field]: value }), JSON.stringify(value)).toEqual([]);
};
const takesNot = (base: object, field: string, values: readonly unknown[]): void => {
  for (const value of values) expect(refused({ ...base, [field]: value }), JSON.stringify(value)).toEqual([field]);
};
const inEndpoint = (field: string, values: readonly unknown[], expected: readonly string[]): void => {
  for (const direction of ['incoming', 'outgoing']) {
    for (const value of values) {
      const fields = expected.map((name) => `${direction}.${name}`);
      expect(refused({ ...change, [direction]: { [field]: value } }), JSON.stringify(value)).toEqual(fields);
    }
  }
};

describe('General', () => {
  test('Name: one line of 1 to 100 characters', () => {
    takes(change, 'name', ['S', 'Support', 'x'.repeat(100), 'Büro 2.0']);
    takesNot(change, 'name', ['', ' ', 'x'.repeat(101), 'two\nlines', 7, null]);
    expect(refused({ type: 'CreateProfile', serverType: 'pop3-smtp' })).toEqual(['name']);
  });

  test('Description: at most 2000 characters, or none', () => {
    takes(change, 'description', ['', 'For the help desk.', 'x'.repeat(2000), null, undefined]);
    takesNot(change, 'description', ['x'.repeat(2001), 7]);
  });

  test('Incoming and Outgoing Server Location: a host name or an address, without scheme, port or path', () => {
    inEndpoint('host', ['pop3.live.com', 'smtp.live.com', 'localhost', '192.0.2.1', '2001:db8::1'], []);
    inEndpoint(
      'host',
      ['', 'https://mail.example.org', 'mail.example.org:995', 'mail/x', 'a b', 'a..b', '-a', 7],
      ['host'],
    );
  });
});

describe('Credentials', () => {
  test('Authenticate Using: each mailbox’s, the profile’s, Windows Integrated, anonymous, OAuth', () => {
    inEndpoint('credentials', ['mailbox', 'profile', 'windowsIntegrated', 'anonymous', 'oauth'], []);
    inEndpoint('credentials', ['', 'hybrid', 0, null], ['credentials']);
  });

  test('User Name: 1 to 250 characters without control characters', () => {
    takes(credentials, 'userName', ['a', 'ada@example.org', 'x'.repeat(250)]);
    takesNot(credentials, 'userName', ['', ' ', 'x'.repeat(251), 'a\r\nQUIT', '\u0000', 7, null]);
  });

  test('Password: 1 to 1024 characters on one line', () => {
    takes(credentials, 'password', ['x', ' spaces at both ends ', 'x'.repeat(1024), 'ß\t"']);
    takesNot(credentials, 'password', ['', 'x'.repeat(1025), 'a\nb', 'a\rb', 'a\u0000b', 7, null]);
  });

  test('Use same settings for Outgoing: yes or no', () => {
    takes(change, 'sameSettingsForOutgoing', [true, false]);
    takesNot(change, 'sameSettingsForOutgoing', ['yes', 1, null]);
  });
});

describe('Advanced', () => {
  test('Incoming and Outgoing Port: 1 to 65535, or automatic', () => {
    inEndpoint('port', [1, 995, 65_535, 'automatic'], []);
    inEndpoint('port', [0, 65_536, -1, 99.5, '995', 'auto', null], ['port']);
  });

  test('Use SSL: from the first byte, by a required STARTTLS, or not at all', () => {
    inEndpoint('tls', ['tls', 'starttls', 'none'], []);
    inEndpoint('tls', ['ssl', true, 'opportunistic', null], ['tls']);
  });

  test('Authentication Protocol: Auto Detect, Negotiate, NTLM, Basic or OAuth', () => {
    inEndpoint('authentication', ['autoDetect', 'negotiate', 'ntlm', 'basic', 'oauth'], []);
    inEndpoint('authentication', ['plain', '', 3, null], ['authentication']);
  });
});

describe('Additional Settings', () => {
  test('Process Email From: a moment, or none', () => {
    const moments = ['2026-01-01T09:00:00Z', '2026-01-01T09:00Z', '2026-01-01T10:00:00.5+01:00', new Date(0), null];
    takes(change, 'processEmailFrom', moments);
    takesNot(change, 'processEmailFrom', ['2026-01-01', 'today', '2026-13-01T00:00:00Z', 0, new Date(Number.NaN)]);
    takesNot(change, 'processEmailFrom', ['x2026-01-01T09:00:00Z', '2026-01-01T09:00:00Zx', '2026-01-01T09:00:00']);
  });

  test('Minimum Polling Intervals in Minutes: 0 to 1440', () => {
    takes(change, 'minimumPollingMinutes', [0, 5, 1440]);
    takesNot(change, 'minimumPollingMinutes', [-1, 1441, 2.5, '5', null]);
  });

  test('Maximum Concurrent Connections: 1 to 300', () => {
    takes(change, 'maximumConnections', [1, 10, 300]);
    takesNot(change, 'maximumConnections', [0, 301, 1.5, '10', null]);
  });

  test('the time limit of a connection: 0 to 100,000 milliseconds, or none', () => {
    takes(change, 'connectionTimeLimitMs', [0, 30_000, 100_000, null]);
    takesNot(change, 'connectionTimeLimitMs', [-1, 100_001, 0.5, '30000']);
  });

  test('alert mail: yes or no', () => {
    takes(change, 'alertMail', [true, false]);
    takesNot(change, 'alertMail', ['yes', null]);
  });
});
