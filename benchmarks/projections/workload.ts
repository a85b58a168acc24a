import { randomUUID } from 'node:crypto';
import {
  EmailAddress,
  Mailbox,
  type MailboxEvent,
  mailboxEvents,
  MailboxId,
  Name,
  type NewEvent,
  OrganizationId,
  PersonId,
  PrincipalId,
  ProfileId,
  StreamName,
  TestId,
} from '@mailroom/domain';
import { type SqliteEventStore, sqliteEventStore } from '@mailroom/event-store-sqlite';
import type { Durability } from '../events/files.ts';

const profileId = ProfileId.orThrow(randomUUID());
const steps = ['policy', 'dns', 'connect', 'tls', 'greeting', 'capabilities', 'auth', 'open'].map((step) => ({
  step,
  status: 'passed' as const,
  ms: 12,
}));

/** The life of a mailbox until its second test: ten events, of about 360 bytes of data on average. */
const storyOf = (id: string, n: number): readonly MailboxEvent[] => {
  const mailboxId = MailboxId.orThrow(id);
  const organizationId = OrganizationId.orThrow(`organization-${n % 50}`);
  const [first, second] = [TestId.orThrow(randomUUID()), TestId.orThrow(randomUUID())];
  const requested = (testId: TestId): MailboxEvent =>
    Mailbox.MailboxTestRequested({
      mailboxId,
      testId,
      runId: null,
      channels: ['incoming', 'outgoing'],
      trigger: 'person',
      attempt: 1,
      thisOrganizationOnly: false,
    });
  const succeeded = (testId: TestId, channel: 'incoming' | 'outgoing'): MailboxEvent => {
    const tested = { profileId, profileConfiguration: 1, mailboxConfiguration: 1 };
    return Mailbox.ChannelTestSucceeded({ mailboxId, testId, channel, ...tested, steps, warnings: [] });
  };
  return [
    Mailbox.MailboxRegistered({
      mailboxId,
      organizationId,
      personId: PersonId.orThrow(id),
      kind: 'user',
      regardingId: PrincipalId.orThrow(`person-${n}`),
      ownerKind: 'user',
      ownerId: PrincipalId.orThrow(`person-${n}`),
      name: Name.orThrow(`Person ${n} of the northern region`),
      address: EmailAddress.orThrow(`person.${n}@example.org`),
      profileId,
      profileConfiguration: 1,
      profileProcessEmailFrom: null,
      incoming: 'serverSide',
      outgoing: 'serverSide',
      act: 'none',
    }),
    requested(first),
    succeeded(first, 'incoming'),
    Mailbox.ChannelEnabled({ mailboxId, channel: 'incoming' }),
    succeeded(first, 'outgoing'),
    Mailbox.ChannelEnabled({ mailboxId, channel: 'outgoing' }),
    Mailbox.MailboxTestCompleted({ mailboxId, testId: first, runId: null, outcome: 'succeeded' }),
    requested(second),
    succeeded(second, 'incoming'),
    succeeded(second, 'outgoing'),
  ];
};

const metadata: NewEvent['metadata'] = {
  commandId: randomUUID(),
  correlationId: randomUUID(),
  causationId: randomUUID(),
  actorId: 'administrator-17',
  actorKind: 'person',
  organizationId: 'northwind-traders',
  command: 'RecordTestResult',
};

export const eventsOfMailbox = (id: string, n: number): readonly NewEvent[] =>
  storyOf(id, n).map((event) => ({ ...mailboxEvents.encode(event), id: randomUUID(), metadata }));

/** A store with so many mailboxes of ten events each; `onPerson` is told whose they are. */
export const filledStore = async (
  file: string,
  durability: Durability,
  mailboxes: number,
  onPerson: (id: string) => void = () => undefined,
): Promise<SqliteEventStore> => {
  const store = sqliteEventStore({ file, durability });
  for (let from = 0; from < mailboxes; from += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, mailboxes - from) }, async (_, index) => {
        const id = randomUUID();
        onPerson(id);
        const stream = StreamName.orThrow(`mailbox-${id}`);
        const result = await store.append(stream, 'noStream', eventsOfMailbox(id, from + index))();
        if (result._tag === 'Left') throw new Error(result.left._tag);
      }),
    );
  }
  return store;
};
