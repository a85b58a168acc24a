import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, jsonSchemaOf, withJsonSchema } from './json-schema.ts';
import { personal } from './personal.ts';

const text = { description: 'string', type: 'string' } as const;
const flag = { description: 'boolean', type: 'boolean' } as const;
const declared = withJsonSchema(t.intersection([t.type({}), t.type({})], 'a size'), () => ({ type: 'integer' }));

describe('the JSON schema of a codec', () => {
  it.each<[string, t.Mixed, JsonSchema]>([
    ['text', t.string, text],
    ['a flag', t.boolean, flag],
    [
      'one of some words',
      t.keyof({ a: null, b: null }, 'a or b'),
      { description: 'a or b', type: 'string', enum: ['a', 'b'] },
    ],
    ['a list', t.readonlyArray(t.string, 'names'), { description: 'names', type: 'array', items: text }],
    [
      'an object, of which every field is there',
      t.strict({ name: t.string, isOpen: t.boolean }, 'a shop'),
      {
        description: 'a shop',
        type: 'object',
        properties: { name: text, isOpen: flag },
        required: ['name', 'isOpen'],
      },
    ],
    ['what is declared', declared, { description: 'a size', type: 'integer' }],
    [
      'what is personal, and may have been erased',
      personal(t.string),
      { description: 'string', anyOf: [text, { const: '[erased]' }], 'x-personal': true },
    ],
  ])('says what %s is', (_, codec, schema) => expect(jsonSchemaOf(codec)).toEqual(schema));

  it.each<[t.Mixed, string]>([
    [t.number, 'number'],
    [t.type({ name: t.string }, 'an open object'), 'an open object'],
    [t.strict({ size: t.union([t.string, t.null], 'text or nothing') }), 'text or nothing'],
  ])('is not guessed', (codec, name) =>
    expect(() => jsonSchemaOf(codec)).toThrow(`No JSON schema is known for the codec "${name}"`),
  );
});
