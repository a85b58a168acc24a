import { type Branded, brandedString } from '../kernel/brand.ts';
import { derivedId } from '../kernel/derived-id.ts';

export { derivedId };

const dash = 45;

/** By character code, not by a pattern: ids are most of what is decoded, and this takes a third of the time. */
const isUuid = (text: string): boolean => {
  if (text.length !== 36) return false;
  for (let at = 0; at < 36; at++) {
    const code = text.charCodeAt(at);
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (code !== dash) return false;
    } else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
};

export const ProfileId = brandedString('ProfileId', 'a UUID in lower case', isUuid);
export type ProfileId = Branded<'ProfileId'>;

export const MailboxId = brandedString('MailboxId', 'a UUID in lower case', isUuid);
export type MailboxId = Branded<'MailboxId'>;

/** One test of one mailbox, of all the channels it asked for. */
export const TestId = brandedString('TestId', 'a UUID in lower case', isUuid);
export type TestId = Branded<'TestId'>;

/** Test & Enable of many mailboxes as one job. */
export const TestRunId = brandedString('TestRunId', 'a UUID in lower case', isUuid);
export type TestRunId = Branded<'TestRunId'>;

/** Whose personal data an event holds: the user of a user mailbox, the mailbox itself for queues, a profile's account. */
export const PersonId = brandedString('PersonId', 'a UUID in lower case', isUuid);
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
