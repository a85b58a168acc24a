import { inspect } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { compileCodec } from '../kernel/compile-codec.ts';
import { erased, personal } from '../kernel/personal.ts';
import { mismatch } from '../kernel/mismatch.ts';
import {
  between,
  Channel,
  count,
  derivedId,
  domainOf,
  EmailAddress,
  EpisodeId,
  Host,
  instant,
  MailboxId,
  MailChannel,
  mailboxIdOf,
  Name,
  nullable,
  oneOf,
  PersonId,
  personIdOf,
  Port,
  ProfileId,
  Protocol,
  sameAddressKey,
  Secret,
  ServerText,
  TestId,
  testIdOfRun,
  TestRunId,
  TlsMode,
  UserName,
} from './index.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const local = 'x'.repeat(64);

/** What each codec takes, and what is just beside it. */
const table: readonly (readonly [name: string, codec: t.Mixed, good: readonly unknown[], bad: readonly unknown[]])[] = [
  [
    'an id',
    MailboxId,
    [id, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    [
      // At each place: a digit for a dash, a dash or a letter beyond f for a digit.
      ...Array.from(id, (here, at) => `${id.slice(0, at)}${here === '-' ? '0' : '-'}${id.slice(at + 1)}`),
      ...Array.from(id, (_, at) => `${id.slice(0, at)}g${id.slice(at + 1)}`),
      ...['g', '/', ':', '`', 'A', 'é', '\u0130', '\u0161'].map((other) => other + id.slice(1)),
      id.slice(1),
      `${id}0`,
      id.toUpperCase(),
      '',
      7,
      null,
    ],
  ],
  [
    'an email address',
    EmailAddress,
    [
      'ada@example.org',
      'a@b',
      'a.b-c_d+e@x-1.example.org',
      'ADA9@Example.ORG',
      'zZ0@zZ0.org',
      `${local}@example.org`,
      `a@${'x'.repeat(252)}`,
      'ädä@exämple.org',
      "o'hara!#$%&*=?^`{|}~/@example.org",
      'a-@example.org',
      '-a@example.org',
      'a@x-.org',
    ],
    [
      '',
      'ada',
      '@example.org',
      'ada@',
      'a@b@c',
      'a b@example.org',
      '.a@example.org',
      'a.@example.org',
      'a..b@example.org',
      'a@.example.org',
      'a@example..org',
      'a@example.org.',
      'a@-example.org',
      `${local}x@example.org`,
      `a@${'x'.repeat(253)}`,
      `a@${'x'.repeat(256)}`,
      'a@b\r\nQUIT',
      'a\u0000@b',
      'a\u007f@b',
      '<a@b>',
      '"a"@b',
      'a(b)@c',
      'a,b@c',
      'a:b@c',
      'a;b@c',
      'a\\b@c',
      'a[b]@c',
      'a@[192.0.2.1]',
      7,
      null,
    ],
  ],
  [
    'a host',
    Host,
    [
      'mail.example.org',
      'a',
      'A-1.b_c',
      '_dmarc.x',
      '192.0.2.1',
      '::1',
      '2001:db8::1',
      '::ffff:192.0.2.1',
      `${'x'.repeat(63)}.y`,
      'x'.repeat(63),
      [...Array.from({ length: 4 }, () => 'x'.repeat(61)), 'xxxxx'].join('.'),
    ],
    [
      '',
      '.',
      'a.',
      '.a',
      'a..b',
      '-a',
      'a-',
      'a.-b',
      'x'.repeat(64),
      [...Array.from({ length: 4 }, () => 'x'.repeat(61)), 'xxxxxx'].join('.'),
      'https://a',
      'a:1',
      'a/b',
      'a b',
      'a\n',
      '1:2',
      '::g',
      'x::1',
      `::${'1'.repeat(44)}`,
      7,
    ],
  ],
  [
    'a name',
    Name,
    ['A', ' A ', 'x'.repeat(200), 'Bü\u0080ro'],
    ['', ' ', '\u00a0', 'x'.repeat(201), 'a\u0000', 'a\u001f', 'a\u007f', 7],
  ],
  ['a user name', UserName, ['a', 'x'.repeat(250)], ['', 'x'.repeat(251), 'a\r']],
  ['a server’s text', ServerText, ['a', 'x'.repeat(300)], ['', 'x'.repeat(301), 'a\n']],
  ['a port', Port, [1, 995, 65_535], [0, 65_536, -1, 1.5, '1', NaN, null]],
  [
    'a count',
    count,
    [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER],
    [-1, 0.5, 2 ** 53, '0', NaN, Infinity, null],
  ],
  ['a number in a range', between(2, 4), [2, 3, 4], [1, 5, 2.5, '3', NaN, null]],
  ['one of two words', oneOf('yes', 'no'), ['yes', 'no'], ['', 'YES', 'y', null, 7]],
  ['a word or nothing', nullable(oneOf('yes')), ['yes', null], ['no', undefined, 0]],
  ['something personal', personal(oneOf('yes')), ['yes', erased], ['no', 'erased', '', null]],
  ['a way of encryption', TlsMode, ['tls', 'starttls', 'none'], ['ssl', '', null]],
  ['a protocol', Protocol, ['imap', 'pop3', 'smtp'], ['http', '']],
  ['a channel', Channel, ['incoming', 'outgoing', 'act'], ['both', '']],
  ['a channel of mail', MailChannel, ['incoming', 'outgoing'], ['act', '']],
];

describe.each(table)('%s', (_, codec, good, bad) => {
  const compiled = compileCodec(t.strict({ field: codec }));
  const fast = (input: unknown): unknown => compiled.fast({ field: input });

  test('takes what it says, and writes it as it was', () => {
    for (const value of good) {
      expect(codec.is(value), String(value)).toBe(true);
      expect(codec.decode(value), String(value)).toEqual(E.right(value));
      expect(codec.encode(value)).toBe(value);
      // The quick way may leave it to the other one, but must not see another value.
      expect([mismatch, value]).toContainEqual(
        fast(value) === mismatch ? mismatch : (fast(value) as { field: unknown }).field,
      );
    }
    expect(fast(good[0])).toEqual({ field: good[0] });
  });

  test('takes nothing else, by neither way', () => {
    for (const value of bad) {
      expect(codec.is(value), String(value)).toBe(false);
      expect(E.isLeft(codec.decode(value)), String(value)).toBe(true);
      expect(fast(value), String(value)).toBe(mismatch);
    }
  });
});

describe('an instant', () => {
  const compiled = compileCodec(t.strict({ at: instant }));
  const good = [
    '1970-01-01T00:00:00.000Z',
    '2026-01-31T23:59:59.999Z',
    '2024-02-29T12:00:00.001Z',
    '2000-03-01T00:00:00.000Z',
    '1999-12-28T10:09:08.070Z',
    '0000-01-01T00:00:00.000Z',
    '0099-02-28T00:00:00.000Z',
    '0100-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '1969-12-31T23:59:59.999Z',
    '1900-02-28T00:00:00.000Z',
    '2100-03-01T00:00:00.000Z',
  ];
  const bad = [
    ...['2026-00-01', '2026-13-01', '2026-01-00', '2026-01-32', '2026_01-01', '2026-01_01'].map(
      (day) => `${day}T00:00:00.000Z`,
    ),
    ...['25:00:00.000', '00:60:00.000', '00:00:60.000', '00.00:00.000', '00:00.00.000', '00:00:00:000'].map(
      (time) => `2026-01-01T${time}Z`,
    ),
    ...['2026-01-01 00:00:00.000Z', '2026-01-01T00:00:00.000z', '2026-01-01T00:00:00.000', '2026-01-01T00:00:00Z'],
    ...[
      'x026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.00xZ',
      '2026-01-01T00:00:00.x00Z',
      ' 2026-01-01T00:00:00.000Z',
    ],
    ...['2026-01-01T00:00:00.000+00:00', '2026-01-0/T00:00:00.000Z', '2026-01-0:T00:00:00.000Z', '', 0, null],
  ];

  test('is read as `Date` reads it, and written as it was', () => {
    for (const text of good) {
      const date = new Date(text);
      expect(instant.decode(text)).toEqual(E.right(date));
      expect(instant.encode(date)).toBe(text);
      const fast = compiled.fast({ at: text });
      if (fast !== mismatch) expect(fast).toEqual({ at: date });
      expect(compiled.decode({ at: text })).toEqual(E.right({ at: date }));
    }
    expect(compiled.fast({ at: good[4] })).toEqual({ at: new Date(good[4] ?? '') });
  });

  test('is read in no other form, by neither way', () => {
    for (const text of bad) {
      expect(E.isLeft(instant.decode(text)), String(text)).toBe(true);
      expect(compiled.fast({ at: text }), String(text)).toBe(mismatch);
    }
    expect(instant.is(new Date(0))).toBe(true);
    expect(instant.is(new Date(NaN))).toBe(false);
    expect(instant.is(good[0])).toBe(false);
  });

  test('days of all months and years of four centuries are those that `Date` says', () => {
    const misread: string[] = [];
    for (let day = Date.UTC(1900, 0, 1); day < Date.UTC(2300, 0, 1); day += 86_400_000 * 29) {
      const at = new Date(day + 45_296_789);
      const read = compiled.decode({ at: at.toISOString() });
      if (E.isLeft(read) || read.right.at.getTime() !== at.getTime()) misread.push(at.toISOString());
    }
    expect(misread).toEqual([]);
  });
});

test('a secret shows itself to nobody who does not ask', () => {
  const secret = new Secret('correct horse');
  expect(secret.reveal()).toBe('correct horse');
  for (const shown of [
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ]) {
    expect(shown).not.toContain('correct');
    expect(shown).toContain('***');
  }
});

test('two spellings of an address are one mailbox; its domain has no case', () => {
  const key = (text: string): string => sameAddressKey(EmailAddress.orThrow(text));
  expect(key('ADA@Example.org')).toBe(key('ada@example.ORG'));
  expect(key('a\u0308da@example.org')).toBe(key('\u00e4da@example.org'));
  expect(key('ada@example.org')).not.toBe(key('ada@example.com'));
  expect(domainOf(EmailAddress.orThrow('ada@Example.ORG'))).toBe('example.org');
});

test('ids follow from whose they are, and differ with every part of that', () => {
  const ids = [
    mailboxIdOf('contoso', 'user', 'ada'),
    mailboxIdOf('contoso', 'queue', 'ada'),
    mailboxIdOf('fabrikam', 'user', 'ada'),
    mailboxIdOf('contoso', 'user', 'bob'),
    personIdOf('contoso', 'user', 'ada'),
    personIdOf('contoso', 'queue', 'ada'),
    personIdOf('contoso', 'forward', 'ada'),
    personIdOf('contoso', 'profile', 'ada'),
    personIdOf('fabrikam', 'user', 'ada'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(mailboxIdOf('contoso', 'user', 'ada')).toBe(ids[0]);
  for (const one of ids) expect(MailboxId.is(one)).toBe(true);
});

// They are in every history: what they are made of never changes.
test('ids follow from what they name, and from nothing else', () => {
  expect(mailboxIdOf('contoso', 'user', 'ada')).toBe(derivedId('mailbox', 'contoso', 'user', 'ada'));
  expect(personIdOf('contoso', 'forward', 'ada')).toBe(derivedId('person', 'contoso', 'forward', 'ada'));
  const [run, mailbox] = [TestRunId.orThrow(id), MailboxId.orThrow(id)];
  expect(testIdOfRun(run, mailbox)).toBe(derivedId('test', id, id));
});

test.each(Object.entries({ ProfileId, MailboxId, TestId, TestRunId, EpisodeId, PersonId }))(
  'a wrong %s is told by this name',
  (name, codec) => {
    expect(() => codec.orThrow('hunter2')).toThrow(`${name}: expected a UUID in lower case`);
  },
);

test('a wrong literal is told by name and expectation, never by its value', () => {
  expect(() => ProfileId.orThrow('hunter2')).toThrow('ProfileId: expected a UUID in lower case');
  expect(ProfileId.from('hunter2')).toEqual(E.left({ _tag: 'InvalidValue', expected: 'a UUID in lower case' }));
  expect(ProfileId.from(id)).toEqual(E.right(id));
  expect(ProfileId.orThrow(id)).toBe(id);
});
