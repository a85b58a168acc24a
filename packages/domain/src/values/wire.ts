import * as t from 'io-ts';

const isoUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A `Date` in the program, a string in JSON. Reads only the form that `toISOString` writes. */
export const instant: t.Type<Date, string> = new t.Type(
  'a UTC date-time such as 2026-01-01T09:00:00.000Z',
  (input): input is Date => input instanceof Date && !Number.isNaN(input.getTime()),
  (input, context) => {
    // A pattern, not a round trip through toISOString: that would double the cost of decoding a small event.
    if (typeof input !== 'string' || !isoUtc.test(input)) return t.failure(input, context);
    const date = new Date(input);
    return Number.isNaN(date.getTime()) ? t.failure(input, context) : t.success(date);
  },
  (date) => date.toISOString(),
);

const isCount = (input: unknown): input is number => Number.isSafeInteger(input) && (input as number) >= 0;

/** A whole number from 0 up. */
export const count: t.Type<number> = new t.Type(
  'a whole number from 0 up',
  isCount,
  (input, context) => (isCount(input) ? t.success(input) : t.failure(input, context)),
  Number,
);

/** A whole number in a range, both ends included. */
export const between = (low: number, high: number): t.Type<number> => {
  const is = (input: unknown): input is number =>
    Number.isInteger(input) && (input as number) >= low && (input as number) <= high;
  return new t.Type(
    `a whole number from ${low} to ${high}`,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    Number,
  );
};

/** One of a few words; the name, read by people, lists them. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words): t.Type<Words[number]> => {
  const known = new Set<unknown>(words);
  const is = (input: unknown): input is Words[number] => known.has(input);
  return new t.Type(
    words.map((word) => JSON.stringify(word)).join(' or '),
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    String as (word: Words[number]) => Words[number],
  );
};

/** `null` where there is nothing: events have no optional fields. */
export const nullable = <A, O>(codec: t.Type<A, O>): t.Type<A | null, O | null> =>
  new t.Type(
    `${codec.name}, or null`,
    (input): input is A | null => input === null || codec.is(input),
    (input, context) => (input === null ? t.success(null) : codec.validate(input, context)),
    (value) => (value === null ? null : codec.encode(value)),
  );
