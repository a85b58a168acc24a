import { describe, expect, test } from 'vitest';
import { aged, type Failing, kindOfMost, without, withTrouble } from './failing-mailboxes.ts';

const trouble = (kind = 'A', paused = false) => ({ at: '2026-01-01T09:00:00.000Z', kind, paused });

describe('what still counts', () => {
  const failing: Failing = { ada: { incoming: trouble() }, bob: { incoming: trouble('A', true), outgoing: trouble() } };
  test('is everything until an hour is over, and then only what is paused', () => {
    expect(aged(failing, '2026-01-01T09:59:59.999Z')).toBe(failing);
    expect(aged(failing, '2026-01-01T10:00:00.000Z')).toEqual({ bob: { incoming: trouble('A', true) } });
  });
});

test('a mailbox whose last trouble is over is not there any more; what does not change is the same', () => {
  const failing: Failing = { ada: { incoming: trouble() } };
  expect(withTrouble(failing, 'ada', 'incoming', () => undefined)).toEqual({});
  expect(withTrouble(failing, 'ada', 'incoming', (before) => before)).toBe(failing);
  expect(withTrouble(failing, 'bob', 'incoming', () => undefined)).toBe(failing);
  expect(without(failing, 'bob')).toBe(failing);
  expect(without(failing, 'ada')).toEqual({});
});

test('the kind that most mailboxes have is named; of several, the first by name; a mailbox counts once', () => {
  expect(kindOfMost({})).toBe('');
  const both = { incoming: trouble('B'), outgoing: trouble('B') };
  expect(kindOfMost({ ada: both, bob: { incoming: trouble('A') } })).toBe('A');
  expect(kindOfMost({ ada: both, bob: { incoming: trouble('A') }, eve: { incoming: trouble('B') } })).toBe('B');
});
