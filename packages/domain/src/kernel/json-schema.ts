import * as t from 'io-ts';
import type { JsonObject } from './json.ts';

const declared = new WeakMap<t.Mixed, () => JsonSchema>();

/** JSON Schema (draft 7 and later): what a codec writes, for readers in other languages and for generators of tests. */
export type JsonSchema = JsonObject;

/** Declares the schema of a codec made by hand: nobody can look into those. */
export const withJsonSchema = <Codec extends t.Mixed>(codec: Codec, schema: () => JsonSchema): Codec => {
  declared.set(codec, schema);
  return codec;
};

/** The schema of the JSON that a codec writes. Throws for a codec whose JSON is not known: declare it. */
export const jsonSchemaOf = (codec: t.Mixed): JsonSchema => {
  const schema = declared.get(codec)?.() ?? known(codec);
  if (schema === undefined) throw new Error(`No JSON schema is known for the codec "${codec.name}"`);
  return { description: codec.name, ...schema };
};

const known = (codec: t.Mixed): JsonSchema | undefined => {
  if (codec instanceof t.StringType) return { type: 'string' };
  if (codec instanceof t.BooleanType) return { type: 'boolean' };
  if (codec instanceof t.KeyofType) return { type: 'string', enum: Object.keys(codec.keys as object) };
  if (codec instanceof t.ReadonlyArrayType) {
    return { type: 'array', items: jsonSchemaOf(codec.type as t.Mixed) };
  }
  if (codec instanceof t.ExactType && codec.type instanceof t.InterfaceType) {
    const props = Object.entries(codec.type.props as t.Props);
    return {
      type: 'object',
      properties: Object.fromEntries(props.map(([name, field]) => [name, jsonSchemaOf(field)])),
      required: props.map(([name]) => name),
    };
  }
  return undefined;
};
