import * as t from 'io-ts';
import { compileDecode, propsOf } from './compile-strict.ts';
import { type FastDecoder, mismatch, type WrittenCheck } from './mismatch.ts';

export { type FastDecoder, mismatch };

/** Checks that are short enough to be written out where they are needed, instead of being called. */
const written = new WeakMap<t.Mixed, WrittenCheck>();

const declared = new WeakMap<t.Mixed, FastDecoder>();

/** Declares the fast decoder of a codec made by hand; the compiler cannot look into those. */
export const withFastDecoder = <Codec extends t.Mixed>(codec: Codec, decoder: FastDecoder): Codec => {
  declared.set(codec, decoder);
  return codec;
};

/**
 * For codecs that accept exactly what their `is` accepts, and give it back as it is. `isSurely` may be a quicker check
 * that says yes to the common cases only.
 */
export const withFastCheck = <Codec extends t.Mixed>(
  codec: Codec,
  isSurely: (input: unknown) => boolean = codec.is,
): Codec => withFastDecoder(codec, (input) => (isSurely(input) ? input : mismatch));

/**
 * For codecs as those of `withFastCheck`, whose check is one expression. It may say no to what the codec accepts, never
 * yes to what it rejects.
 */
export const withWrittenCheck = <Codec extends t.Mixed>(codec: Codec, check: WrittenCheck): Codec => {
  written.set(codec, check);
  return declared.has(codec) ? codec : withFastCheck(codec);
};

/** Lets `codec` take one literal more than `inner`, in the check written out too, where `inner` has one. */
export const withLiteral = <Codec extends t.Mixed>(codec: Codec, inner: t.Mixed, value: string | null): Codec => {
  const decodeInner = fastDecoderOf(inner);
  const check = writtenCheckOf(inner);
  withFastDecoder(codec, (input) => (input === value ? value : decodeInner(input)));
  if (check === undefined) return codec;
  const text: WrittenCheck['text'] = (name, helper) =>
    `${name} === ${JSON.stringify(value)} || (${check.text(name, helper)})`;
  return withWrittenCheck(codec, { ...check, text });
};

/** The fast decoder of any codec; one that cannot be known is decoded by itself. */
export const fastDecoderOf = (codec: t.Mixed): FastDecoder => declared.get(codec) ?? known(codec) ?? byItself(codec);

const known = (codec: t.Mixed): FastDecoder | undefined => {
  if (
    codec instanceof t.StringType ||
    codec instanceof t.NumberType ||
    codec instanceof t.BooleanType ||
    codec instanceof t.NullType ||
    codec instanceof t.LiteralType ||
    codec instanceof t.KeyofType
  ) {
    return (input): unknown => (codec.is(input) ? input : mismatch);
  }
  const props = propsOf(codec);
  if (props !== undefined) return compileDecode(props, fastDecoderOf, writtenCheckOf);
  if (codec instanceof t.ArrayType || codec instanceof t.ReadonlyArrayType) return listOf(codec.type as t.Mixed);
  return undefined;
};

/** The check of what JSON itself knows, and of what `withWrittenCheck` declares. */
export const writtenCheckOf = (codec: t.Mixed): WrittenCheck | undefined => {
  if (codec instanceof t.StringType) return { text: (value) => `typeof ${value} === 'string'` };
  if (codec instanceof t.NumberType) return { text: (value) => `typeof ${value} === 'number'` };
  if (codec instanceof t.BooleanType) return { text: (value) => `typeof ${value} === 'boolean'` };
  if (codec instanceof t.NullType) return { text: (value) => `${value} === null` };
  return written.get(codec);
};

const listOf = (item: t.Mixed): FastDecoder => {
  const decodeItem = fastDecoderOf(item);
  return (input) => {
    if (!Array.isArray(input)) return mismatch;
    const items: unknown[] = [];
    for (const value of input as readonly unknown[]) {
      const decoded = decodeItem(value);
      if (decoded === mismatch) return mismatch;
      items.push(decoded);
    }
    return items;
  };
};

const byItself =
  (codec: t.Mixed): FastDecoder =>
  (input) => {
    const decoded = codec.validate(input, []);
    return decoded._tag === 'Right' ? (decoded.right as unknown) : mismatch;
  };
