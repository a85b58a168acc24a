import * as t from 'io-ts';
import { OrganizationId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { nullable, oneOf, ProfileId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

/** The synchronization methods of the original's option sets; Mailroom itself carries out `serverSide`. */
export const IncomingMethod = oneOf('none', 'outlook', 'serverSide', 'forward');
export type IncomingMethod = t.TypeOf<typeof IncomingMethod>;
export const OutgoingMethod = oneOf('none', 'outlook', 'serverSide');
export type OutgoingMethod = t.TypeOf<typeof OutgoingMethod>;
export const ActMethod = oneOf('none', 'outlook', 'serverSide');
export type ActMethod = t.TypeOf<typeof ActMethod>;

/** The organization's email configuration settings, as a whole: the newest event is what holds. */
export const EmailSettingsConfigured = defineEvent(
  'EmailSettingsConfigured',
  t.strict({
    organizationId: OrganizationId,
    /** For mailboxes registered later, and for Apply Default Email Settings. */
    defaultProfileId: nullable(ProfileId),
    incoming: IncomingMethod,
    outgoing: OutgoingMethod,
    act: ActMethod,
    approvalRequiredForUsers: t.boolean,
    approvalRequiredForQueues: t.boolean,
    alertErrors: t.boolean,
    alertWarnings: t.boolean,
    alertInformation: t.boolean,
    /** Tell mailbox owners about problems of the profile too. */
    notifyMailboxOwner: t.boolean,
  }),
);

/** The codecs of every event of an organization's settings. */
export const events = eventFamily([EmailSettingsConfigured]);
/** Every event of an organization's settings. */
export type Event = EventOf<typeof events>;
