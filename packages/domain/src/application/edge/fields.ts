import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

type Fields = Readonly<Record<string, t.Mixed>>;

type Out<Required extends Fields, Optional extends Fields> = {
  readonly [Key in keyof Required]: t.TypeOf<Required[Key]>;
} & { readonly [Key in keyof Optional]?: t.TypeOf<Optional[Key]> };

type In<Required extends Fields, Optional extends Fields> = {
  readonly [Key in keyof Required]: t.OutputOf<Required[Key]>;
} & { readonly [Key in keyof Optional]?: t.OutputOf<Optional[Key]> | undefined };

/** The name of the pseudo codec that a key nobody asked for is reported with. */
const unknownKey = new t.Type<never>(
  'no such field',
  (_input): _input is never => false,
  (input, context) => t.failure(input, context),
  (value) => value,
);

const isObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

/**
 * An object from outside with exactly these fields. Everything that is wrong is reported, each problem under the path
 * of its field: a field that is missing, one that does not fit, and one that nobody knows (a misspelt name would
 * otherwise be a setting that silently has no effect). A field that is `undefined` counts as left out.
 */
export const fields = <const Required extends Fields, const Optional extends Fields>(
  required: Required,
  optional: Optional,
): t.Type<Out<Required, Optional>, In<Required, Optional>> => {
  const known: Fields = { ...required, ...optional };

  const validate: t.Validate<unknown, Out<Required, Optional>> = (input, context) => {
    if (!isObject(input)) return t.failure(input, context);
    const errors: t.ValidationError[] = [];
    const result: Record<string, unknown> = {};
    for (const key of new Set([...Object.keys(known), ...Object.keys(input)])) {
      const value = Object.hasOwn(input, key) ? input[key] : undefined;
      const codec = Object.hasOwn(known, key) ? known[key] : undefined;
      if (value === undefined && !Object.hasOwn(required, key)) continue;
      const type = codec ?? unknownKey;
      const validated = type.validate(value, t.appendContext(context, key, type, value));
      if (E.isLeft(validated)) errors.push(...validated.left);
      else result[key] = validated.right;
    }
    return errors.length > 0 ? t.failures(errors) : t.success(result as Out<Required, Optional>);
  };

  return new t.Type<Out<Required, Optional>, In<Required, Optional>>(
    'an object',
    (input): input is Out<Required, Optional> =>
      isObject(input) &&
      Object.keys(input).every((key) => Object.hasOwn(known, key)) &&
      Object.entries(known).every(([key, codec]) =>
        input[key] === undefined ? !Object.hasOwn(required, key) : codec.is(input[key]),
      ),
    validate,
    (value) =>
      Object.fromEntries(
        Object.entries(value).map(([key, field]) => [key, known[key]?.encode(field) as unknown]),
      ) as In<Required, Optional>,
  );
};
