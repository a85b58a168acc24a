import * as t from 'io-ts';
import { fastDecoderOf, mismatch, withFastCheck, withFastDecoder } from '../kernel/fast-decoder.ts';

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The date as a number where every part is in the common range; undefined where `Date` itself has to say. */
const fastInstant = (text: string): number | undefined => {
  const number = (from: number, length: number): number => {
    let value = 0;
    for (let at = from; at < from + length; at++) value = value * 10 + text.charCodeAt(at) - 48;
    return value;
  };
  const [month, day, hour] = [number(5, 2), number(8, 2), number(11, 2)];
  const [minute, second] = [number(14, 2), number(17, 2)];
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) return undefined;
  const year = number(0, 4);
  return year < 100 ? undefined : Date.UTC(year, month - 1, day, hour, minute, second, number(20, 3));
};

/** A `Date` in the program, a string in JSON. Reads only the form that `toISOString` writes. */
export const instant: t.Type<Date, string> = withFastDecoder(
  new t.Type(
    'a UTC date-time such as 2026-01-01T09:00:00.000Z',
    (input): input is Date => input instanceof Date && !Number.isNaN(input.getTime()),
    (input, context) => {
      // A pattern, not a round trip through toISOString: that would double the cost of decoding a small event.
      if (typeof input !== 'string' || !isoUtc.test(input)) return t.failure(input, context);
      const date = new Date(input);
      return Number.isNaN(date.getTime()) ? t.failure(input, context) : t.success(date);
    },
    (date) => date.toISOString(),
  ),
  (input) => {
    if (typeof input !== 'string' || !isoUtc.test(input)) return mismatch;
    const time = fastInstant(input);
    return time === undefined ? mismatch : new Date(time);
  },
);

const isCount = (input: unknown): input is number => Number.isSafeInteger(input) && (input as number) >= 0;

/** A whole number from 0 up. */
export const count: t.Type<number> = withFastCheck(
  new t.Type(
    'a whole number from 0 up',
    isCount,
    (input, context) => (isCount(input) ? t.success(input) : t.failure(input, context)),
    Number,
  ),
);

/** A whole number in a range, both ends included. */
export const between = (low: number, high: number): t.Type<number> => {
  const is = (input: unknown): input is number =>
    Number.isInteger(input) && (input as number) >= low && (input as number) <= high;
  return withFastCheck(
    new t.Type(
      `a whole number from ${low} to ${high}`,
      is,
      (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
      Number,
    ),
  );
};

/** One of a few words; the name, read by people, lists them. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words): t.Type<Words[number]> => {
  const known = new Set<unknown>(words);
  const is = (input: unknown): input is Words[number] => known.has(input);
  return withFastCheck(
    new t.Type(
      words.map((word) => JSON.stringify(word)).join(' or '),
      is,
      (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
      String as (word: Words[number]) => Words[number],
    ),
  );
};

/** `null` where there is nothing: events have no optional fields. */
export const nullable = <A, O>(codec: t.Type<A, O>): t.Type<A | null, O | null> => {
  const inner = fastDecoderOf(codec);
  return withFastDecoder(
    new t.Type(
      `${codec.name}, or null`,
      (input): input is A | null => input === null || codec.is(input),
      (input, context) => (input === null ? t.success(null) : codec.validate(input, context)),
      (value) => (value === null ? null : codec.encode(value)),
    ),
    (input) => (input === null ? null : inner(input)),
  );
};
