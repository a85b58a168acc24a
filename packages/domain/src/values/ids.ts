import { type Branded, type BrandedString, brandedString } from '../kernel/brand.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { withJsonSchema } from '../kernel/json-schema.ts';

export { derivedId };

const dash = 45;

/** 0 for the codes of the digits and of a to f. Every code has its place. */
const isNoHex = new Uint8Array(65_536).fill(1);
for (const digit of '0123456789abcdef') isNoHex[digit.charCodeAt(0)] = 0;

const noHexAt = (text: string, at: number): number => isNoHex[text.charCodeAt(at)] as number;

/** 0 where four hexadecimal digits stand. */
const noHexFrom = (text: string, at: number): number =>
  noHexAt(text, at) | noHexAt(text, at + 1) | noHexAt(text, at + 2) | noHexAt(text, at + 3);

const noDashAt = (text: string, at: number): number => text.charCodeAt(at) ^ dash;

/** By a table, not by a pattern, and without a branch: ids are most of what is decoded, and this takes half the time. */
const isUuid = (text: string): boolean =>
  text.length === 36 &&
  (noHexFrom(text, 0) |
    noHexFrom(text, 4) |
    noDashAt(text, 8) |
    noHexFrom(text, 9) |
    noDashAt(text, 13) |
    noHexFrom(text, 14) |
    noDashAt(text, 18) |
    noHexFrom(text, 19) |
    noDashAt(text, 23) |
    noHexFrom(text, 24) |
    noHexFrom(text, 28) |
    noHexFrom(text, 32)) ===
    0;

const uuid = <Name extends string>(name: Name): BrandedString<Name> =>
  withJsonSchema(brandedString(name, 'a UUID in lower case', isUuid), () => ({
    type: 'string',
    format: 'uuid',
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  }));

/** The id of an email server profile: a UUID. */
export const ProfileId = uuid('ProfileId');
export type ProfileId = Branded<'ProfileId'>;

/** The id of a mailbox: a UUID that follows from its owner. */
export const MailboxId = uuid('MailboxId');
export type MailboxId = Branded<'MailboxId'>;

/** One test of one mailbox, of all the channels it asked for. */
export const TestId = uuid('TestId');
export type TestId = Branded<'TestId'>;

/** Test & Enable of many mailboxes as one job. */
export const TestRunId = uuid('TestRunId');
export type TestRunId = Branded<'TestRunId'>;

/** The test that a run opens of a mailbox: always the same one, so that a run that is started twice opens one. */
export const testIdOfRun = (runId: TestRunId, mailboxId: MailboxId): TestId =>
  TestId.orThrow(derivedId('test', runId, mailboxId));

/** A time in which most mailboxes of a profile fail; names the mail about it. */
export const EpisodeId = uuid('EpisodeId');
export type EpisodeId = Branded<'EpisodeId'>;

/** Whose personal data an event holds: the user of a user mailbox, the mailbox itself for queues, a profile's account. */
export const PersonId = uuid('PersonId');
export type PersonId = Branded<'PersonId'>;

/** One mailbox for each user and for each queue: the id follows from the owner, so a second one cannot exist. */
export const mailboxIdOf = (organizationId: string, kind: 'user' | 'queue', regardingId: string): MailboxId =>
  MailboxId.orThrow(derivedId('mailbox', organizationId, kind, regardingId));

/**
 * The person behind a mailbox: the user of a user mailbox; a queue or forward mailbox stands for itself, and so does
 * the account of a profile.
 */
export const personIdOf = (
  organizationId: string,
  kind: 'user' | 'queue' | 'forward' | 'profile',
  id: string,
): PersonId => PersonId.orThrow(derivedId('person', organizationId, kind, id));
