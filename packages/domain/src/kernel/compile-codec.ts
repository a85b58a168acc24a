import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { compileDecode, compileEncode, propsOf } from './compile-strict.ts';
import { fastDecoderOf, writtenCheckOf } from './fast-decoder.ts';
import { type FastDecoder, mismatch } from './mismatch.ts';

/** A codec whose check has been worked out once, instead of being interpreted at each call. */
export interface CompiledCodec<A> {
  /** The common case of `decode` alone: `mismatch` says nothing, and `decode` has to be asked. */
  readonly fast: FastDecoder;
  /** Accepts, rejects, gives values and errors as `codec.decode` does. */
  readonly decode: (input: unknown) => t.Validation<A>;
  /** Gives what `codec.encode` gives, up to the order of keys. */
  readonly encode: (value: A) => unknown;
}

/**
 * Compiles a strict object codec (`t.strict({ ... })`) to straight code: one check a field, and one object literal at
 * the end. Whatever it cannot vouch for goes through the codec itself, which also makes all errors. Where code may not
 * be generated (a content security policy), and for other codecs, the codec does everything.
 */
export const compileCodec = <A>(codec: t.Type<A, unknown>): CompiledCodec<A> => {
  const props = propsOf(codec);
  const decode = props === undefined ? undefined : compileDecode(props, fastDecoderOf, writtenCheckOf);
  if (props === undefined || decode === undefined) {
    return { fast: () => mismatch, decode: (input) => codec.decode(input), encode: codec.encode };
  }
  return {
    fast: decode,
    decode: (input) => {
      const decoded = decode(input);
      return decoded === mismatch ? codec.decode(input) : E.right(decoded as A);
    },
    encode: compileEncode(props) ?? codec.encode,
  };
};
