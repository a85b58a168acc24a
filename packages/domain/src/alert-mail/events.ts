import * as t from 'io-ts';
import { OrganizationId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { count, EpisodeId, instant, oneOf, ProfileId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// Numbers and ids only: who was told, and with which words, is not kept.

const episode = { profileId: ProfileId, episodeId: EpisodeId };

/** More than half of the mailboxes of a profile failed within an hour: its owner has to be told by mail. */
export const AlertMailDue = defineEvent(
  'AlertMailDue',
  t.strict({
    ...episode,
    organizationId: OrganizationId,
    /** How many mailboxes were failing, of how many, when the episode began. */
    failing: count,
    mailboxes: count,
    /** The kind of failure that most of them had. */
    kind: t.string,
    since: instant,
  }),
);

/** The mail has left. After a crash it may leave again, as the same message. */
export const AlertMailSent = defineEvent(
  'AlertMailSent',
  t.strict({ ...episode, organizationId: OrganizationId, recipients: count }),
);

/** Why nobody was told of an episode by mail. */
export const DropReason = oneOf('over', 'alertsOff', 'noMailServer', 'noRecipient', 'refused');
export type DropReason = t.TypeOf<typeof DropReason>;

/** No mail leaves for this episode. */
export const AlertMailDropped = defineEvent(
  'AlertMailDropped',
  t.strict({ ...episode, organizationId: OrganizationId, reason: DropReason }),
);

/** The codecs of every event of alert mail. */
export const events = eventFamily([AlertMailDue, AlertMailSent, AlertMailDropped]);
/** Every event of alert mail. */
export type Event = EventOf<typeof events>;
