import { readFileSync } from 'node:fs';
import { failureTaxonomy, jsonSchemaOf, sentences } from '@mailroom/domain';
import { describe, expect, test } from 'vitest';
import { families } from './event-families.ts';

// What other programs and translators build on, as published in docs/: no word of it changes without the page.

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');

/** The cells of every row of every table of a page. */
const rowsOf = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()));

describe('the published events are those of the code', () => {
  const { channels, components } = JSON.parse(read('asyncapi.json')) as {
    readonly channels: Readonly<Record<string, { readonly messages: object }>>;
    readonly components: {
      readonly messages: Readonly<Record<string, { readonly payload: object; readonly 'x-schema-version': number }>>;
    };
  };

  test.each(families)('$category', ({ category, definitions }) => {
    expect(Object.keys(channels[category]?.messages ?? {})).toEqual(definitions.map(({ type }) => type));
    for (const { type, schemaVersion, codec, personalFields } of definitions) {
      expect(components.messages[type]).toMatchObject({
        payload: jsonSchemaOf(codec),
        'x-schema-version': schemaVersion,
        'x-personal-fields': personalFields,
      });
    }
  });
});

test('the published sentences are those of the code', () => {
  const published = rowsOf(read('texts.md')).map(([key, , sentence]) => [key?.replaceAll('`', ''), sentence]);
  for (const { key, sentence } of Object.values(sentences).flat()) {
    expect(published).toContainEqual([key, sentence.replaceAll('|', '\\|')]);
  }
});

test('the published kinds of failure are those of the code', () => {
  const expected = Object.entries(failureTaxonomy).map(([kind, { phase, disposition, scope, field, advice }]) => [
    `\`${kind}\``,
    phase,
    disposition,
    scope,
    field ?? '',
    advice,
  ]);
  expect(rowsOf(read('failures.md'))).toEqual(expected);
});
