import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type * as t from 'io-ts';
import { oneOf } from '../../values/index.ts';
import { connections, description, line, milliseconds, moment, pollingMinutes, portInput } from './inputs.ts';
import { profileName, recordId, secretInput, someOf, yesOrNo } from './inputs.ts';

const id = '7b1f2c1e-8a52-5d0e-9c0a-3f1f5f2b7a10';
const of = (length: number): string => 'x'.repeat(length);
const list = someOf(oneOf('a', 'b', 'c'), 2);

/** What each takes, at its very limits, and what it does not, one beyond. */
const inputs: readonly (readonly [string, t.Mixed, readonly unknown[], readonly unknown[]])[] = [
  ['description', description, ['', of(2000)], [of(2001), 1, null]],
  ['profile name', profileName, ['x', of(100)], ['', of(101), 'a\nb', 1]],
  ['line', line, ['x', of(300)], ['', of(301), 'a\nb', 'a\r', 1]],
  ['password', secretInput, ['x', of(1024)], ['', of(1025), 'a\nb', 'a\rb', 'a\u0000b', 1]],
  ['port', portInput, [1, 65535, 'automatic'], [0, 65536, 1.5, 'auto', '']],
  ['yes or no', yesOrNo, [true, false], ['true', 0, null]],
  ['polling minutes', pollingMinutes, [0, 1440], [-1, 1441, 0.5]],
  ['connections', connections, [1, 300], [0, 301]],
  ['milliseconds', milliseconds, [0, 100_000], [-1, 100_001]],
  ['record id', recordId, [id], [id.toUpperCase(), `${id}0`, '']],
  [
    'moment',
    moment,
    ['2026-01-01T09:00Z', '2026-01-01T09:00:00.123456789+02:00'],
    ['7', '2026-01-01', '2026-13-01T09:00Z'],
  ],
  ['list', list, [['a'], ['b', 'a']], [[], ['a', 'b', 'c'], ['d'], 'a', null]],
];

describe.each(inputs)('%s', (_, codec, taken, refused) => {
  test('takes what is within its limits', () => {
    for (const input of taken) expect(E.isRight(codec.decode(input))).toBe(true);
  });
  test('refuses what is beyond, naming what it expects', () => {
    for (const input of refused) {
      const decoded = codec.decode(input);
      expect(E.isLeft(decoded), JSON.stringify(input)).toBe(true);
      expect(codec.is(input)).toBe(false);
    }
    expect(codec.name).not.toBe('');
  });
});

test('what they expect is said in words that people read', () => {
  expect([line, recordId, portInput, yesOrNo, description, profileName, list].map(({ name }) => name)).toEqual([
    'one line of text, 1 to 300 characters',
    'the id of a mailbox or profile',
    expect.stringMatching(/, or "automatic"$/),
    'true or false',
    'text of at most 2000 characters',
    'one line of text, 1 to 100 characters',
    expect.stringMatching(/^a list of 1 to 2, each /),
  ]);
});

test('a list keeps what is named twice once, in the order given', () => {
  expect(list.decode(['b', 'b'])).toEqual(E.right(['b']));
});
