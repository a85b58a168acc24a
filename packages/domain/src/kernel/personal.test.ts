import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { instant } from '../values/index.ts';
import { erased, personal, personalFieldsOf } from './personal.ts';

const met = personal(instant);
const date = new Date('2026-01-28T09:00:00.000Z');

describe('a personal field', () => {
  it('is what it is without the mark, or erased', () => {
    expect(met.decode(date.toISOString())).toEqual(E.right(date));
    expect(met.decode(erased)).toEqual(E.right(erased));
    expect(E.isLeft(met.decode('[Erased]'))).toBe(true);
    expect([date, erased, 'yesterday', null].map(met.is)).toEqual([true, true, false, false]);
    expect([met.encode(date), met.encode(erased)]).toEqual([date.toISOString(), '[erased]']);
    expect(met.name).toBe(instant.name);
  });

  it('is found in an object, at the top only', () => {
    const fields = {
      personId: t.string,
      name: personal(t.string),
      place: t.strict({ street: personal(t.string) }),
      met,
    };
    expect(personalFieldsOf(t.strict(fields))).toEqual(['name', 'met']);
    expect(personalFieldsOf(t.type(fields))).toEqual(['name', 'met']);
    for (const other of [t.string, t.readonlyArray(t.type(fields)), met]) expect(personalFieldsOf(other)).toEqual([]);
  });
});
