import {
  addressEvents,
  alertEvents,
  type AnyEventDefinition,
  auditEvents,
  mailboxEvents,
  personEvents,
  profileEvents,
  settingsEvents,
  testRunEvents,
} from '@mailroom/domain';
import * as t from 'io-ts';
import { generatedNotice, type GeneratedPage, tableOf } from './generated-page.ts';

const families = [
  { title: 'Profile', stream: 'profile-<profileId>', definitions: profileEvents.definitions },
  { title: 'Settings', stream: 'settings-<organizationId>', definitions: settingsEvents.definitions },
  { title: 'Mailbox', stream: 'mailbox-<mailboxId>', definitions: mailboxEvents.definitions },
  { title: 'Test run', stream: 'testRun-<runId>', definitions: testRunEvents.definitions },
  { title: 'Address', stream: 'address-<keyed hash>', definitions: addressEvents.definitions },
  { title: 'Alerts', stream: 'alerts-<principalId>', definitions: alertEvents.definitions },
  {
    title: 'Audit',
    stream: 'audit-<id derived from organization and principal>',
    definitions: auditEvents.definitions,
  },
  { title: 'Person', stream: 'person-<personId>', definitions: personEvents.definitions },
];

/** Every event that is ever stored, from the codecs themselves. */
export const eventCatalogue: GeneratedPage = {
  file: 'docs/event-catalogue.md',
  text: () =>
    [
      generatedNotice,
      '# Event catalogue',
      'Every event that Mailroom stores, made from the codecs that read and write them. Personal fields are encrypted under the key of the person named by `personId`; once that key is deleted they read as `[erased]`.',
      ...families.flatMap(({ title, stream, definitions }) => [
        `## ${title}`,
        `Stream: \`${stream}\``,
        ...definitions.flatMap((definition) => sectionOf(definition)),
      ]),
      '',
    ].join('\n\n'),
};

const sectionOf = (definition: AnyEventDefinition): readonly string[] => [
  `### ${definition.type}`,
  `Schema version ${definition.schemaVersion}.`,
  tableOf(
    ['field', 'JSON', 'personal'],
    fieldsOf(definition.codec).map(([name, codec]) => [
      `\`${name}\``,
      codec.name,
      definition.personalFields.includes(name) ? 'yes' : '',
    ]),
  ),
];

const fieldsOf = (codec: t.Mixed): readonly [string, t.Mixed][] => {
  const inner = codec instanceof t.ExactType ? (codec.type as t.Mixed) : codec;
  return inner instanceof t.InterfaceType ? Object.entries(inner.props as t.Props) : [];
};
