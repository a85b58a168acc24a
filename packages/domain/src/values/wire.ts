import * as t from 'io-ts';
import { fastDecoderOf, mismatch, withFastCheck, withFastDecoder } from '../kernel/fast-decoder.ts';

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The number written in these places; NaN when there is something else. */
const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

const isPunctuated = (text: string): boolean =>
  text.length === 24 &&
  text.charCodeAt(4) === 45 &&
  text.charCodeAt(7) === 45 &&
  text.charCodeAt(10) === 84 &&
  text.charCodeAt(13) === 58 &&
  text.charCodeAt(16) === 58 &&
  text.charCodeAt(19) === 46 &&
  text.charCodeAt(23) === 90;

/** The instant, where every part is in the common range; NaN where `Date` itself has to say. */
const fastInstant = (text: string): number => {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const isCommon = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!(isCommon && hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, digits(text, 20, 23));
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
    if (typeof input !== 'string' || !isPunctuated(input)) return mismatch;
    const time = fastInstant(input);
    return Number.isNaN(time) ? mismatch : new Date(time);
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
  // A few comparisons cost less than the hash of a string that was just parsed.
  const is = (input: unknown): input is Words[number] => words.includes(input as string);
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
