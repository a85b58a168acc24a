import { AlertMailDropped, AlertMailDue, AlertMailSent } from '../alert-mail/index.ts';
import type { OrganizationId } from '../kernel/command.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import {
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
  MailboxActivated,
  MailboxDeactivated,
  MailboxProfileAssigned,
  MailboxRegistered,
} from '../mailbox/index.ts';
import { ProfileCreated, ProfileDeleted, ProfileProcessingChanged } from '../profile/index.ts';
import { EpisodeId } from '../values/index.ts';
import { aged, type Failing, kindOfMost, type Trouble, without, withTrouble } from './failing-mailboxes.ts';
import { type Cause, causeOf } from './instruction.ts';

/** Everything that bears on alert mail. */
export const events = eventFamily([
  ProfileCreated,
  ProfileProcessingChanged,
  ProfileDeleted,
  MailboxRegistered,
  MailboxProfileAssigned,
  MailboxActivated,
  MailboxDeactivated,
  ChannelTestSucceeded,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelPaused,
  ChannelResumed,
  ChannelDisabled,
  AlertMailDue,
  AlertMailSent,
  AlertMailDropped,
]);
export type Event = EventOf<typeof events>;

/** A time in which more than half of the mailboxes fail. `since`: an ISO instant. */
interface Episode {
  readonly episodeId: EpisodeId;
  readonly since: string;
  readonly failing: number;
  readonly mailboxes: number;
  readonly kind: string;
  readonly stage: 'new' | 'due' | 'done';
  readonly over: boolean;
  readonly cause: Cause;
}

/** What of a profile bears on alert mail. Plain JSON; mailboxes that work are only counted. */
export interface AlertMailRow {
  readonly organizationId: OrganizationId;
  readonly wanted: boolean;
  /** Active mailboxes on the profile. */
  readonly mailboxes: number;
  /** Those that were deactivated while they were on it. */
  readonly inactive: Readonly<Record<string, true>>;
  readonly failing: Failing;
  readonly episode: Episode | null;
  /** A mail that was announced when another episode had already begun: nobody is to get it. */
  readonly late: { readonly episodeId: EpisodeId; readonly cause: Cause } | null;
}

const left = (row: AlertMailRow, mailboxId: string): AlertMailRow => {
  const failing = without(row.failing, mailboxId);
  if (!(mailboxId in row.inactive)) return { ...row, failing, mailboxes: Math.max(0, row.mailboxes - 1) };
  const { [mailboxId]: _, ...inactive } = row.inactive;
  return { ...row, failing, inactive };
};

const joined = (row: AlertMailRow): AlertMailRow => ({ ...row, mailboxes: row.mailboxes + 1 });

const trouble = (
  row: AlertMailRow,
  { mailboxId, channel }: { readonly mailboxId: string; readonly channel: string },
  change: (before: Trouble | undefined) => Trouble | undefined,
): AlertMailRow => {
  const failing = withTrouble(row.failing, mailboxId, channel, change);
  return failing === row.failing ? row : { ...row, failing };
};

const apply = (row: AlertMailRow, event: Event, key: string, recorded: RecordedEvent): AlertMailRow => {
  const at = recorded.recordedAt.toISOString();
  switch (event.type) {
    case 'ProfileCreated':
    case 'ProfileDeleted':
      return row;
    case 'ProfileProcessingChanged':
      return { ...row, wanted: event.data.alertMail };
    case 'MailboxRegistered':
      return joined(row);
    case 'MailboxProfileAssigned': {
      const { mailboxId, profileId, previousProfileId } = event.data;
      if (profileId === previousProfileId) return row;
      return profileId === key ? joined(row) : left(row, mailboxId);
    }
    case 'MailboxDeactivated': {
      const { mailboxId } = event.data;
      const gone = left(row, mailboxId);
      return { ...gone, inactive: { ...gone.inactive, [mailboxId]: true } };
    }
    case 'MailboxActivated':
      return event.data.mailboxId in row.inactive ? joined(left(row, event.data.mailboxId)) : row;
    case 'ChannelTestFailed':
      // Trouble of this installation is the operator's, not the profile's.
      if (event.data.scope === 'system') return row;
      return trouble(row, event.data, (before) => ({ at, kind: event.data.kind, paused: before?.paused ?? false }));
    case 'ChannelPaused':
      return trouble(row, event.data, (before) => ({ at, kind: event.data.kind, ...before, paused: true }));
    case 'ChannelDisabled':
      return trouble(row, event.data, (before) => before && { ...before, paused: false });
    case 'ChannelTestSucceeded':
    case 'ChannelTestInvalidated':
    case 'ChannelResumed':
      return trouble(row, event.data, () => undefined);
    case 'AlertMailDue':
    case 'AlertMailSent':
    case 'AlertMailDropped': {
      const { episode, late } = row;
      const { episodeId } = event.data;
      const isDue = event.type === 'AlertMailDue';
      if (episode?.episodeId === episodeId) return { ...row, episode: { ...episode, stage: isDue ? 'due' : 'done' } };
      if (isDue) return { ...row, late: { episodeId, cause: causeOf(recorded) } };
      return late?.episodeId === episodeId ? { ...row, late: null } : row;
    }
  }
};

/** Forgets failures that are an hour old, and with them the episode when it is over. */
const later = (row: AlertMailRow, at: string): AlertMailRow => {
  const failing = aged(row.failing, at);
  return ended(failing === row.failing ? row : { ...row, failing });
};

const isMostFailing = ({ failing, mailboxes }: AlertMailRow): boolean => Object.keys(failing).length * 2 > mailboxes;

const ended = (row: AlertMailRow): AlertMailRow => {
  const { episode } = row;
  return episode === null || episode.over || isMostFailing(row) ? row : { ...row, episode: { ...episode, over: true } };
};

const begun = (row: AlertMailRow, profileId: string, recorded: RecordedEvent): AlertMailRow => {
  if (!isMostFailing(row) || row.episode?.over === false) return row;
  return {
    ...row,
    episode: {
      episodeId: EpisodeId.orThrow(derivedId('alertMail', profileId, recorded.id)),
      since: recorded.recordedAt.toISOString(),
      failing: Object.keys(row.failing).length,
      mailboxes: row.mailboxes,
      kind: kindOfMost(row.failing),
      stage: 'new',
      over: false,
      cause: causeOf(recorded),
    },
  };
};

/** The row of a profile after this event; undefined: there is no such profile. */
export const evolve = (
  row: AlertMailRow | undefined,
  event: Event,
  key: string,
  recorded: RecordedEvent,
): AlertMailRow | undefined => {
  if (event.type === 'ProfileCreated') {
    const { organizationId, alertMail: wanted } = event.data;
    return { organizationId, wanted, mailboxes: 0, inactive: {}, failing: {}, episode: null, late: null };
  }
  if (row === undefined || event.type === 'ProfileDeleted') return undefined;
  const at = recorded.recordedAt.toISOString();
  return begun(later(apply(later(row, at), event, key, recorded), at), key, recorded);
};
