import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { runsOf } from '../../testing/test-size.ts';
import { findingsOf } from '../../kernel/rejection.ts';
import { between, Host, instant, nullable } from '../../values/index.ts';
import { fields } from './fields.ts';
import { moment } from './inputs.ts';
import { invalid, invalidCommand } from './invalid-command.ts';

const server = fields({ host: Host }, { port: between(1, 9) });
const codec = fields({ name: t.string, server }, { since: moment, note: nullable(t.string) });
const full = { name: 'x', server: { host: 'a.example', port: 1 }, since: new Date(0), note: null };

/** What is told about this input; nothing when it is taken. */
const told = (input: unknown): readonly string[] => {
  const decoded = codec.decode(input);
  return E.isRight(decoded) ? [] : findingsOf(invalidCommand(decoded.left)).map(({ text }) => text.sentence);
};
const host = 'a host name or IP address such as mail.example.org, without scheme, port or path';

describe('an object from outside', () => {
  test.each<[unknown, unknown]>([
    [full, full],
    [
      { name: 'x', server: { host: 'a.example' } },
      { name: 'x', server: { host: 'a.example' } },
    ],
    // What is undefined counts as left out, whether anybody knows it or not.
    [
      { name: 'x', server: { host: 'a.example', port: undefined }, since: undefined, nonsense: undefined },
      { name: 'x', server: { host: 'a.example' } },
    ],
    [{ ...full, since: '1970-01-01T00:00:00Z' }, full],
  ])('%o is taken', (input, value) => expect(codec.decode(input)).toStrictEqual(E.right(value)));

  test.each<[unknown, readonly string[]]>([
    [null, ['command: expected an object.']],
    [[full], ['command: expected an object.']],
    ['name', ['command: expected an object.']],
    [{}, ['name: expected string.', 'server: expected an object.']],
    [{ name: undefined, server: full.server }, ['name: expected string.']],
    [
      { name: 7, server: { host: 'a b', port: 0, pots: 1 }, since: 'soon', note: 7, pasword: 'hunter2' },
      [
        'name: expected string.',
        `server.host: expected ${host}.`,
        'server.port: expected a whole number from 1 to 9.',
        'server.pots: expected no such field.',
        'since: expected a moment such as 2026-01-01T09:00:00Z.',
        'note: expected string, or null.',
        'pasword: expected no such field.',
      ],
    ],
    // A field that every object inherits is none that was given.
    [Object.create(full), ['name: expected string.', 'server: expected an object.']],
    [{ ...full, constructor: 1 }, ['constructor: expected no such field.']],
  ])('%o is refused, with everything that is wrong', (input, expected) => expect(told(input)).toEqual(expected));

  test('without a finding is no command either', () => expect(invalidCommand([])).toEqual(invalid('', 'a command')));

  test.each<[unknown, boolean]>([
    [full, true],
    [{ name: 'x', server: { host: 'a.example' } }, true],
    [{ ...full, note: undefined }, true],
    [{ ...full, since: '1970-01-01T00:00:00Z' }, false],
    [{ ...full, name: undefined }, false],
    [{ ...full, name: 7 }, false],
    [{ ...full, note: 7 }, false],
    [{ ...full, more: 1 }, false],
    [{ ...full, server: { host: 'a.example', port: 0 } }, false],
    [{ name: 'x' }, false],
    [[], false],
    [null, false],
    ['x', false],
  ])('%o: is it one that has been read? %s', (input, expected) => expect(codec.is(input)).toBe(expected));

  test('that was read can be written, each field as its codec does', () => {
    const dated = fields({ at: instant }, { name: t.string });
    expect(dated.encode({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(dated.encode({ at: new Date(0), name: 'x' })).toEqual({ at: '1970-01-01T00:00:00.000Z', name: 'x' });
  });

  test('whatever comes, it is read or told what is wrong; what was read fits', () => {
    const value = fc.oneof(fc.constantFrom('x', 1, null, undefined, 'a.example'), fc.anything());
    const inner = fc.oneof(fc.record({ host: value, port: value }, { requiredKeys: [] }), value);
    const input = fc.record({ name: value, server: inner, note: value, more: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(input, (given) => {
        const decoded = codec.decode(given);
        if (E.isLeft(decoded)) expect(told(given).length).toBeGreaterThan(0);
        else expect(codec.is(decoded.right)).toBe(true);
      }),
      { numRuns: runsOf({ small: 200, ci: 200, full: 2000 }) },
    );
  });
});
