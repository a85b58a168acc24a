import * as fc from 'fast-check';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { JsonSchema } from '../kernel/json-schema.ts';

/** Any JSON that this schema describes: what other writers of the same events would produce from it. */
export const jsonFrom = (schema: JsonSchema): fc.Arbitrary<Json> => {
  if (isList(schema['anyOf'])) return fc.oneof(...schema['anyOf'].map((one) => jsonFrom(one as JsonSchema)));
  if (isList(schema['enum'])) return fc.constantFrom(...schema['enum']);
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  switch (schema['type']) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Number(schema['minimum']), max: Number(schema['maximum']) });
    case 'array':
      return fc.array(jsonFrom(schema['items'] as JsonSchema), { maxLength: 5 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema['properties'] as JsonObject).map(([name, one]) => [name, jsonFrom(one as JsonSchema)]),
        ),
        { noNullPrototype: true },
      );
    case 'string':
      return textFrom(schema);
    default:
      throw new Error(`Not a schema that a codec writes: ${JSON.stringify(schema)}`);
  }
};

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const textFrom = (schema: JsonSchema): fc.Arbitrary<string> => {
  if (schema['format'] === 'date-time') return fc.date({ min, max, noInvalidDate: true }).map((at) => at.toISOString());
  if (schema['format'] === 'email') return fc.emailAddress({ size: 'small' });
  if (schema['format'] === 'hostname') return fc.oneof(fc.domain({ size: 'small' }), fc.ipV4(), fc.ipV6());
  const pattern = new RegExp(typeof schema['pattern'] === 'string' ? schema['pattern'] : '', 'u');
  if (schema['maxLength'] !== undefined) {
    const line = fc.string({ unit: character, minLength: 1, maxLength: 40 });
    // Its length is counted in UTF-16 units, and spaces alone are no text.
    return line.filter((text) => pattern.test(text) && text.trim() !== '');
  }
  return schema['pattern'] === undefined
    ? fc.string({ unit: character, size: 'small' })
    : fc.stringMatching(pattern, { size: 'small' });
};

/** Of every sort that somebody has treated differently. */
const character = fc.constantFrom(...Array.from('aZ0 \t\n\0"\\{}$@.-_ßİé\u0301漢\u2028😀'));

// The years that four digits write.
const min = new Date('0000-01-01T00:00:00.000Z');
const max = new Date('9999-12-31T23:59:59.999Z');
