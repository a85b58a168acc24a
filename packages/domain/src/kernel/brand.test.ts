import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { brandedString } from './brand.ts';
import { compileCodec } from './compile-codec.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { mismatch } from './mismatch.ts';

const Plate = brandedString('Plate', 'a number plate such as B-MR 42', (text) => /^[A-Z]+-[A-Z]+ \d+$/.test(text));

describe('a branded string', () => {
  test.each(['B-MR 42', 'HH-A 1'])('%s is taken, as it is', (text) => {
    expect(Plate.is(text)).toBe(true);
    expect(Plate.decode(text)).toEqual(E.right(text));
    expect(Plate.from(text)).toEqual(E.right(text));
    expect(Plate.orThrow(text)).toBe(text);
    expect(Plate.encode(Plate.orThrow(text))).toBe(text);
  });

  test.each<[unknown]>([['b-mr 42'], [''], [42], [null], [['B-MR 42']]])(
    '%o is refused, with what was expected and not what was given',
    (input) => {
      expect(Plate.is(input)).toBe(false);
      expect(E.isLeft(Plate.decode(input))).toBe(true);
      expect(Plate.from(input)).toEqual(E.left({ _tag: 'InvalidValue', expected: 'a number plate such as B-MR 42' }));
    },
  );

  test('that is wrong in a literal is a bug, and named', () =>
    expect(() => Plate.orThrow('42')).toThrow('Plate: expected a number plate such as B-MR 42'));

  test('is text in JSON, and says in words what it is', () =>
    expect(jsonSchemaOf(Plate)).toEqual({ description: 'a number plate such as B-MR 42', type: 'string' }));

  test('is read quickly where the quick check is sure, and by the whole check where it is not', () => {
    const asked: string[] = [];
    const Word = brandedString(
      'Word',
      'a word',
      (text) => {
        asked.push(text);
        return /^\w+$/.test(text);
      },
      (text) => text === 'common',
    );
    const { fast, decode } = compileCodec(t.strict({ word: Word }));
    expect(fast({ word: 'common' })).toEqual({ word: 'common' });
    for (const word of ['rare', 'no word', 7]) expect(fast({ word })).toBe(mismatch);
    expect(asked).toEqual([]);
    expect(decode({ word: 'rare' })).toEqual(E.right({ word: 'rare' }));
    expect(E.isLeft(decode({ word: 'no word' }))).toBe(true);
  });
});
