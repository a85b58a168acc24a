import { type AnyEventDefinition, type JsonSchema, jsonSchemaOf, type Metadata } from '@mailroom/domain';
import { type Family, families } from './event-families.ts';
import type { GeneratedPage } from './generated-page.ts';

/** The events of Mailroom for programs in any language: an AsyncAPI 3 document, made from the codecs. */
export const asyncApi: GeneratedPage = {
  file: 'docs/asyncapi.json',
  text: () => JSON.stringify(asyncApiDocument()),
};

/** The document itself. */
export const asyncApiDocument = () => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Mailroom events',
    version: '1.0.0',
    description:
      'Every event that Mailroom stores, by stream. A field marked x-personal is about the person named by personId: in the store it is {"sealed": "..."} under the key of that person; once the key is deleted, it reads as "[erased]".',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/json',
  channels: Object.fromEntries(families.map((family) => [family.category, channelOf(family)])),
  operations: Object.fromEntries(families.map((family) => [`record_${family.category}`, operationOf(family)])),
  components: {
    messages: Object.fromEntries(
      families.flatMap(({ definitions }) => definitions).map((definition) => [definition.type, messageOf(definition)]),
    ),
    schemas: { Metadata: { type: 'object', properties: metadata, required: required } },
  },
});

const refTo = (...path: readonly string[]) => ({ $ref: `#/${path.join('/')}` });

const channelOf = ({ category, parameter, about, definitions }: Family) => ({
  address: `${category}-{${parameter}}`,
  description: about,
  parameters: { [parameter]: { description: `What names the stream after "${category}-".` } },
  messages: Object.fromEntries(definitions.map(({ type }) => [type, refTo('components', 'messages', type)])),
});

const operationOf = ({ category, title, definitions }: Family) => ({
  action: 'send',
  title: `${title}: what happened`,
  channel: refTo('channels', category),
  messages: definitions.map(({ type }) => refTo('channels', category, 'messages', type)),
});

const messageOf = ({ type, schemaVersion, codec, personalFields }: AnyEventDefinition) => ({
  name: type,
  contentType: 'application/json',
  headers: refTo('components', 'schemas', 'Metadata'),
  payload: jsonSchemaOf(codec),
  'x-schema-version': schemaVersion,
  'x-personal-fields': personalFields,
});

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** The metadata of every event. */
const metadata: Readonly<Record<keyof Metadata, JsonSchema>> = {
  commandId: text('The command that led to the event.'),
  correlationId: text('Shared by everything that one request started.'),
  causationId: text('The command or event that this answers.'),
  actorId: text('Who acted: a person of the host, or a policy of Mailroom.'),
  actorKind: { type: 'string', enum: ['person', 'system'] },
  organizationId: text('The organization that everything belongs to.'),
  command: text('The name of the command, for the audit trail.'),
  traceparent: text('W3C trace context, where the command came with one.'),
};
const required = Object.keys(metadata).filter((name) => name !== 'traceparent');
