import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AnyEventDefinition,
  type Json,
  jsonSchemaOf,
  policies,
  type RecordedEvent,
  type StoredData,
} from '@mailroom/domain';
import { allViews } from '@mailroom/projections/host';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Family, families } from './event-families.ts';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';
import { type EventSources, readDeciders } from './read-deciders.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Every event that is ever stored: what it holds, which commands lead to it, and who takes note of it. */
export const eventCatalogue: GeneratedPage = {
  file: 'docs/event-catalogue.md',
  text: () => {
    const sources = readDeciders(root);
    return [
      generatedNotice,
      '# Event catalogue',
      'Every event that Mailroom stores, made from the codecs that read and write them, and from the deciders, process managers and views that name them. Personal fields are encrypted under the key of the person named by `personId`; once that key is deleted they read as `[erased]`. The same for programs: [asyncapi.json](asyncapi.json). Every event of every schema version has a fixture in the `__fixtures__` folder of its aggregate, which is never changed.',
      ...families.flatMap((family) => [
        `## ${family.title}`,
        family.about,
        `Stream: \`${family.category}-<${family.parameter}>\``,
        ...family.definitions.flatMap((definition) => sectionOf(definition, family, sources)),
      ]),
      '## Shared shapes',
      'What stands inside the fields above.',
      ...sharedShapes().flatMap(([name, fields]) => [`### ${name}`, tableOf(['field', 'JSON'], fields)]),
      '',
    ].join('\n\n');
  },
};

const sectionOf = (definition: AnyEventDefinition, family: Family, sources: EventSources): readonly string[] => {
  const { type, schemaVersion, codec, personalFields } = definition;
  const versions = Array.from({ length: schemaVersion }, (_, index) => String(index + 1));
  const commands = sources.commands.get(type) ?? [];
  const handlers = handlersOf(definition, family);
  return [
    `### ${type}`,
    sources.comments.get(type)?.replaceAll(/\s+/g, ' ') ?? '',
    tableOf(
      ['schema versions', 'emitted by', 'handled by'],
      [[versions.join(', '), inCode(commands), inCode(handlers)]],
    ),
    tableOfFields(codec, personalFields),
  ].filter((part) => part !== '');
};

const inCode = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** Process managers name their events; a view is asked whether a stored event concerns any row of it. */
const handlersOf = (definition: AnyEventDefinition, family: Family): readonly string[] => {
  const managers = Object.values(policies)
    .filter(({ events }) => (events.types as readonly string[]).includes(definition.type))
    .map(({ name }) => name);
  const stored = newestFixture(definition, family);
  const views = Object.values(allViews)
    .filter(({ events, keys }) => {
      if (!(events.types as readonly string[]).includes(definition.type)) return false;
      const decoded = events.decode(stored);
      if (E.isLeft(decoded)) throw new Error(`${definition.type}: its fixture does not decode`);
      const keysOf = keys as (event: unknown, recorded: RecordedEvent) => readonly string[];
      return keysOf(decoded.right, recorded(stored)).length > 0;
    })
    .map(({ name }) => `${name} view`);
  return [...managers, ...views];
};

const newestFixture = ({ type, schemaVersion }: AnyEventDefinition, { folder }: Family): StoredData => {
  const path = join(root, 'packages/domain/src', folder, '__fixtures__', `${type}.v${schemaVersion}.json`);
  if (!existsSync(path)) throw new Error(`${path} is missing; there are: ${readdirSync(dirname(path)).join(', ')}`);
  return JSON.parse(readFileSync(path, 'utf8')) as StoredData;
};

const recorded = (stored: StoredData): RecordedEvent =>
  ({ ...stored, metadata: { organizationId: 'contoso' }, recordedAt: new Date(0), position: '0' }) as RecordedEvent;

const tableOfFields = (codec: t.Mixed, personalFields: readonly string[]): string =>
  tableOf(
    ['field', 'JSON', 'personal'],
    fieldsOf(codec).map(([name, field]) => [`\`${name}\``, field.name, personalFields.includes(name) ? 'yes' : '']),
  );

const fieldsOf = (codec: t.Mixed): readonly [string, t.Mixed][] => {
  const inner = codec instanceof t.ExactType ? (codec.type as t.Mixed) : codec;
  return inner instanceof t.InterfaceType ? Object.entries(inner.props as t.Props) : [];
};

/** The objects inside the fields of events, by name, each with its fields. */
const sharedShapes = (): readonly (readonly [string, readonly (readonly string[])[]])[] => {
  const shapes = new Map<string, readonly (readonly string[])[]>();
  const visit = (schema: Json | undefined, isTop: boolean): void => {
    if (typeof schema !== 'object' || schema === null) return;
    if (!isTop && 'properties' in schema) {
      const fields = Object.entries(schema['properties'] as Readonly<Record<string, { readonly description: string }>>);
      shapes.set(
        schema['description'] as string,
        fields.map(([name, { description }]) => [`\`${name}\``, description]),
      );
    }
    const isData = isTop && 'properties' in schema;
    for (const inner of Object.values(isData ? (schema['properties'] as object) : schema)) visit(inner as Json, false);
  };
  for (const { definitions } of families) for (const { codec } of definitions) visit(jsonSchemaOf(codec), true);
  return [...shapes].sort(([a], [b]) => a.localeCompare(b));
};
