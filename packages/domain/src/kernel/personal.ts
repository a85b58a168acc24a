import * as t from 'io-ts';
import { withLiteral } from './fast-decoder.ts';
import { jsonSchemaOf, withJsonSchema } from './json-schema.ts';

/** What a personal field reads as, once the key of its person is gone. */
export const erased = '[erased]';
/** What stands where personal data was, once the person's key is gone. */
export type Erased = typeof erased;

/** A codec whose value says something about a person: stored encrypted under that person's key, from the first event. */
export interface PersonalCodec<A, O> extends t.Type<A | Erased, O | Erased> {
  readonly personal: true;
}

/**
 * Marks a field of an event as personal data. The event must name the person in a field `personId`; the storage
 * boundary encrypts the field under that person's key. Erasing the person means deleting the key; from then on the
 * field decodes to `[erased]`, which `evolve` and views must take.
 */
export const personal = <A, O>(codec: t.Type<A, O>): PersonalCodec<A, O> => {
  const marked = Object.assign(
    new t.Type<A | Erased, O | Erased>(
      codec.name,
      (input): input is A | Erased => input === erased || codec.is(input),
      (input, context) => (input === erased ? t.success(erased) : codec.validate(input, context)),
      (value) => (value === erased ? erased : codec.encode(value)),
    ),
    { personal: true as const },
  );
  withJsonSchema(marked, () => ({ anyOf: [jsonSchemaOf(codec), { const: erased }], 'x-personal': true }));
  return withLiteral(marked, codec, erased);
};

/** The names of the personal fields of a strict or plain object codec. Only fields at the top can be personal. */
export const personalFieldsOf = (codec: t.Mixed): readonly string[] => {
  const inner = codec instanceof t.ExactType ? (codec.type as t.Mixed) : codec;
  if (!(inner instanceof t.InterfaceType)) return [];
  return Object.entries(inner.props as t.Props)
    .filter(([, field]) => 'personal' in field)
    .map(([name]) => name);
};
