import * as t from 'io-ts';
import { OrganizationId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { instant, MailboxId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

/** This mailbox holds the address now; the stream is named by a keyed hash, so the address stays unreadable. */
export const AddressClaimed = defineEvent(
  'AddressClaimed',
  t.strict({
    organizationId: OrganizationId,
    mailboxId: MailboxId,
    /** A claim that no mailbox followed is void after a while. */
    claimedAt: instant,
  }),
);

/** The address is free again: changed, cleared, or the command that claimed it was abandoned. */
export const AddressReleased = defineEvent(
  'AddressReleased',
  t.strict({ organizationId: OrganizationId, mailboxId: MailboxId }),
);

/** The codecs of every event of a claimed address. */
export const events = eventFamily([AddressClaimed, AddressReleased]);
/** Every event of a claimed address. */
export type Event = EventOf<typeof events>;
