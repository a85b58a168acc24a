import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { expect, test } from 'vitest';
import { between } from '../values/index.ts';
import { describeErrors, problemsOf } from './decode-errors.ts';

const codec = t.strict({
  name: t.string,
  port: between(1, 9),
  steps: t.readonlyArray(t.strict({ ms: t.number }), 'a list of steps'),
  either: t.union([t.string, t.number], 'text or a number'),
});

const errorsOf = (of: t.Mixed, input: unknown): t.Errors => {
  const decoded = of.decode(input);
  return E.isLeft(decoded) ? decoded.left : [];
};

test('what does not fit is told by its path and what was expected there, never by its value', () => {
  const input = { name: 7, port: 'hunter2', steps: [{ ms: 1 }, { ms: 'hunter2' }], either: 'x' };
  expect(describeErrors(errorsOf(codec, input))).toEqual([
    'name: expected string',
    'port: expected a whole number from 1 to 9',
    'steps.1.ms: expected number',
  ]);
  expect(describeErrors(errorsOf(codec, { ...input, name: 'x', port: 1, steps: 'hunter2' }))).toEqual([
    'steps: expected a list of steps',
  ]);
});

test('the value itself is called that', () =>
  expect(describeErrors(errorsOf(t.string, 7))).toEqual(['value: expected string']));

test('each problem is told once; two at one place are two', () => {
  const errors = errorsOf(t.strict({ name: t.string }), { name: 7 });
  const others = errorsOf(t.strict({ name: t.boolean }), { name: 7 });
  expect(problemsOf([...errors, ...others, ...errors])).toEqual([
    { path: 'name', expected: 'string' },
    { path: 'name', expected: 'boolean' },
  ]);
  expect(problemsOf([])).toEqual([]);
});

test('an error that names no codec is told all the same', () =>
  expect(describeErrors([{ value: 'hunter2', context: [] }])).toEqual(['value: expected another value']));
