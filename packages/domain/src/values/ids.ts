import { type Branded, type BrandedString, brandedString } from '../kernel/brand.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { withJsonSchema } from '../kernel/json-schema.ts';

export { derivedId };

const dash = 45;

/** 1 for the codes of the digits and of a to f. */
const isHex = new Uint8Array(128).map((_, code) => (/[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0));

const hex = (code: number): number => isHex[code & 127] as number;

/** By a table, not by a pattern, and by four at a time: ids are most of what is decoded, and this takes half the time. */
const isUuid = (text: string): boolean => {
  if (text.length !== 36) return false;
  // A dash counts nothing: 32 hexadecimal digits are left. Characters beyond the table show in `all`.
  let digits = 0;
  let all = 0;
  for (let at = 0; at < 36; at += 4) {
    const one = text.charCodeAt(at);
    const two = text.charCodeAt(at + 1);
    const three = text.charCodeAt(at + 2);
    const four = text.charCodeAt(at + 3);
    all |= one | two | three | four;
    digits += hex(one) + hex(two) + hex(three) + hex(four);
  }
  return (
    digits === 32 &&
    all < 128 &&
    text.charCodeAt(8) === dash &&
    text.charCodeAt(13) === dash &&
    text.charCodeAt(18) === dash &&
    text.charCodeAt(23) === dash
  );
};

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
