import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { checked } from './checked.ts';
import { withFastCheck, withWrittenCheck } from './fast-decoder.ts';
import { withJsonSchema } from './json-schema.ts';

declare const brand: unique symbol;

/** A string that passed the check of that name. Two brands never mix, although at run time both are strings. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Says what was expected, never what was given: the input may have been a secret in the wrong field. */
export interface InvalidValue {
  readonly _tag: 'InvalidValue';
  readonly expected: string;
}

/** The codec of a branded string, with its two ways in: for input, and for literals. */
export interface BrandedString<Name extends string> extends t.Type<Branded<Name>, string> {
  /** For input that may be wrong. */
  readonly from: (input: unknown) => E.Either<InvalidValue, Branded<Name>>;
  /** For literals in code and tests. Throws when the literal is wrong. */
  readonly orThrow: (literal: string) => Branded<Name>;
}

/**
 * Declares a branded string: its name, its expectation in words (people read it), and the check. `isSurelyValid` is for
 * reading many stored events: quicker, and no more than a part of what `isValid` accepts.
 */
export const brandedString = <Name extends string>(
  name: Name,
  expected: string,
  isValid: (text: string) => boolean,
  isSurelyValid: (text: string) => boolean = isValid,
): BrandedString<Name> => {
  const is = (input: unknown): input is Branded<Name> => typeof input === 'string' && isValid(input);
  const codec: t.Type<Branded<Name>, string> = checked(expected, is);
  const isSurely = (input: unknown): boolean => typeof input === 'string' && isSurelyValid(input);
  withJsonSchema(codec, () => ({ type: 'string' }));
  const written = withWrittenCheck(withFastCheck(codec, isSurely), {
    text: (value, helper) => `typeof ${value} === 'string' && ${helper}(${value})`,
    helper: isSurelyValid,
  });
  return Object.assign(written, {
    from: (input: unknown) => (is(input) ? E.right(input) : E.left<InvalidValue>({ _tag: 'InvalidValue', expected })),
    orThrow: (literal: string) => {
      if (!is(literal)) throw new Error(`${name}: expected ${expected}`);
      return literal;
    },
  });
};
