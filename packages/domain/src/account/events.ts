import * as t from 'io-ts';
import { OrganizationId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { MailboxId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// An event never names another organization: each is told only that there is another reader.

const reader = { organizationId: OrganizationId, mailboxId: MailboxId };

/** The mailbox collects the mail of this account. `shared`: another organization collects it as well. */
export const AccountCollected = defineEvent('AccountCollected', t.strict({ ...reader, shared: t.boolean }));

/** The mailbox collects it no longer. */
export const AccountLeft = defineEvent('AccountLeft', t.strict(reader));

/** The codecs of every event of an account at a mail server. */
export const events = eventFamily([AccountCollected, AccountLeft]);
/** Every event of an account at a mail server. */
export type Event = EventOf<typeof events>;
