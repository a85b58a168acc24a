import * as t from 'io-ts';
import { checked } from '../kernel/checked.ts';
import { mismatch, withFastDecoder, withLiteral, withWrittenCheck } from '../kernel/fast-decoder.ts';
import { jsonSchemaOf, withJsonSchema } from '../kernel/json-schema.ts';

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What each code is as a digit, and a large number for those that are none. Every code has its place. */
const digitOf = new Uint16Array(65_536).fill(10_000);
for (let digit = 0; digit <= 9; digit++) digitOf[48 + digit] = digit;

const one = (text: string, at: number): number => digitOf[text.charCodeAt(at)] as number;

/** The number that two digits make; a large one when one of them is no digit. */
const two = (text: string, at: number): number => one(text, at) * 10 + one(text, at + 1);

/** Whether the six marks between the numbers, and the Z, are where they belong: what differs leaves a bit. */
const isPunctuated = (text: string): boolean =>
  text.length === 24 &&
  ((text.charCodeAt(4) ^ 45) |
    (text.charCodeAt(7) ^ 45) |
    (text.charCodeAt(10) ^ 84) |
    (text.charCodeAt(13) ^ 58) |
    (text.charCodeAt(16) ^ 58) |
    (text.charCodeAt(19) ^ 46) |
    (text.charCodeAt(23) ^ 90)) ===
    0;

/** The instant, where every part is in the common range; NaN where `Date` itself has to say. */
const fastInstant = (text: string): number => {
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const hundredths = two(text, 20);
  const milliseconds = one(text, 22);
  const isDate = year >= 100 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && hundredths <= 99 && milliseconds <= 9;
  if (!isDate || !isTime) return Number.NaN;
  const minutes = daysSince1970(year, month, day) * 1440 + hour * 60 + minute;
  return minutes * 60_000 + second * 1000 + hundredths * 10 + milliseconds;
};

/** Days of a year before each month, 1 to 12, without the leap day. */
const daysBefore = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/** Small numbers from 0 up, without what comes after the point. */
const whole = (value: number): number => value | 0;

/** Days of the Gregorian calendar. A year's own leap day counts from March on. */
const daysSince1970 = (year: number, month: number, day: number): number => {
  const years = month > 2 ? year : year - 1;
  const leapDays = whole(years / 4) - whole(years / 100) + whole(years / 400);
  // 719,527 days: from the day before 1 January of the year 0 to 1 January 1970, less the leap day of the year 0.
  return year * 365 + leapDays + (daysBefore[month] ?? 0) + day - 719_528;
};

/** A `Date` in the program, a string in JSON. Reads only the form that `toISOString` writes. */
export const instant: t.Type<Date, string> = withFastDecoder(
  withJsonSchema(
    new t.Type<Date, string>(
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
    () => ({ type: 'string', format: 'date-time', pattern: isoUtc.source }),
  ),
  (input) => {
    if (typeof input !== 'string' || !isPunctuated(input)) return mismatch;
    const time = fastInstant(input);
    return Number.isNaN(time) ? mismatch : new Date(time);
  },
);

const isCount = (input: unknown): input is number => Number.isSafeInteger(input) && (input as number) >= 0;

/** A whole number from 0 up. */
export const count: t.Type<number> = withWrittenCheck(
  withJsonSchema(checked('a whole number from 0 up', isCount), () => ({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })),
  // Up to 2^32; larger ones are rare.
  { text: (value) => `${value} >>> 0 === ${value}` },
);

/** A whole number in a range, both ends included. */
export const between = (low: number, high: number): t.Type<number> => {
  const is = (input: unknown): input is number =>
    Number.isInteger(input) && (input as number) >= low && (input as number) <= high;
  return withWrittenCheck(
    withJsonSchema(checked(`a whole number from ${low} to ${high}`, is), () => ({
      type: 'integer',
      minimum: low,
      maximum: high,
    })),
    { text: (value) => `Number.isInteger(${value}) && ${value} >= ${low} && ${value} <= ${high}` },
  );
};

/** One of a few words; the name, read by people, lists them. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words): t.Type<Words[number]> => {
  // A few comparisons cost less than the hash of a string that was just parsed.
  const is = (input: unknown): input is Words[number] => words.includes(input as string);
  return withWrittenCheck(
    withJsonSchema(checked(words.map((word) => JSON.stringify(word)).join(' or '), is), () => ({
      type: 'string',
      enum: words,
    })),
    { text: (value) => words.map((word) => `${value} === ${JSON.stringify(word)}`).join(' || ') },
  );
};

/** `null` where there is nothing: events have no optional fields. */
export const nullable = <A, O>(codec: t.Type<A, O>): t.Type<A | null, O | null> =>
  withLiteral(
    withJsonSchema(
      new t.Type<A | null, O | null>(
        `${codec.name}, or null`,
        (input): input is A | null => input === null || codec.is(input),
        (input, context) => (input === null ? t.success(null) : codec.validate(input, context)),
        (value) => (value === null ? null : codec.encode(value)),
      ),
      () => ({ anyOf: [jsonSchemaOf(codec), { type: 'null' }] }),
    ),
    codec,
    null,
  );
