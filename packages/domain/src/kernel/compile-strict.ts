import * as t from 'io-ts';
import { type FastDecoder, mismatch, type WrittenCheck } from './mismatch.ts';

/** The fields of `t.strict({ ... })`; undefined for every other codec. */
export const propsOf = (codec: t.Mixed): t.Props | undefined =>
  codec instanceof t.ExactType && codec.type instanceof t.InterfaceType ? (codec.type.props as t.Props) : undefined;

const literal = (name: string): string => JSON.stringify(name);

/** Straight code that decodes these fields and drops all others; undefined where no code may be generated. */
export const compileDecode = (
  props: t.Props,
  decoderOf: (codec: t.Mixed) => FastDecoder,
  checkOf: (codec: t.Mixed) => WrittenCheck | undefined,
): FastDecoder | undefined => {
  const names = Object.keys(props);
  const codecs = Object.values(props);
  const decoders = codecs.map(decoderOf);
  const checks = codecs.map(checkOf);
  const fields = names.map((name, i) => {
    const check = checks[i]?.text(`v${i}`, `c${i}`);
    if (check !== undefined) return `const v${i} = input[${literal(name)}]; if (!(${check})) return mismatch;`;
    // An absent field reads as undefined, which only a codec that is asked itself may let pass.
    const decoded = `const v${i} = d${i}(input[${literal(name)}]);`;
    return `${decoded} if (v${i} === mismatch || v${i} === undefined) return mismatch;`;
  });
  const result = names.map((name, i) => `${literal(name)}: v${i}`);
  return generate<FastDecoder>(
    names,
    ['mismatch', 'prototypeOf', 'plain', ...names.flatMap((_, i) => [`d${i}`, `c${i}`])],
    [
      mismatch,
      Object.getPrototypeOf,
      Object.prototype,
      ...decoders.flatMap((decoder, i) => [decoder, checks[i]?.helper]),
    ],
    `return (input) => {
      if (typeof input !== 'object' || input === null) return mismatch;
      ${fields[0] ?? ''}
      // Plain data, as JSON gives it. Anything else is left to the codec. Once the engine has read a
      // field it knows the prototype at no cost; asked first, it makes a call that takes a tenth of the whole time.
      if (prototypeOf(input) !== plain) return mismatch;
      ${fields.slice(1).join('\n')}
      return { ${result.join(', ')} };
    };`,
  );
};

/** Straight code that encodes these fields and drops all others. */
export const compileEncode = (props: t.Props): ((value: unknown) => unknown) | undefined => {
  const names = Object.keys(props);
  const codecs = Object.values(props);
  const fields = names.map((name, i) => {
    const value = `value[${literal(name)}]`;
    return `${literal(name)}: ${codecs[i]?.encode === t.identity ? value : `e${i}(${value})`}`;
  });
  return generate(
    names,
    codecs.map((_, i) => `e${i}`),
    codecs.map(({ encode }) => encode),
    `return (value) => ({ ${fields.join(', ')} });`,
  );
};

const generate = <Result>(
  names: readonly string[],
  parameters: readonly string[],
  values: readonly unknown[],
  body: string,
): Result | undefined => {
  // A field of this name would set the prototype of the literal.
  if (names.includes('__proto__')) return undefined;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is made of field names, as JSON strings
    const make = new Function(...parameters, body) as (...args: readonly unknown[]) => Result;
    return make(...values);
  } catch {
    return undefined;
  }
};
