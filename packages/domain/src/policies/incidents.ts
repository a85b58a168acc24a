import type { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
import {
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
} from '../mailbox/index.ts';
import { ProfileCreated } from '../profile/index.ts';
import { type MailboxId, type MailChannel, ProfileId } from '../values/index.ts';
import { type Cause, causeOf, type ProbeIncident, type ResumePausedChannel } from './instruction.ts';

const events = eventFamily([
  ProfileCreated,
  ChannelPaused,
  ChannelResumed,
  ChannelDisabled,
  ChannelTestInvalidated,
  ChannelTestSucceeded,
  ChannelTestFailed,
]);
type Event = EventOf<typeof events>;

/** A paused channel. `at`: from when on it may be tried (ISO; null: a person has to act first). */
interface Paused {
  readonly at: string | null;
  /** Another mailbox of the profile got through since: it goes on. */
  readonly over: boolean;
  readonly cause: Cause;
}

type Direction = Readonly<Record<string, Paused>>;

/** The paused channels of one profile, by direction and mailbox. Plain JSON. */
export interface IncidentsRow {
  readonly organizationId: OrganizationId;
  readonly paused: Readonly<Record<MailChannel, Direction>>;
}

const without = (direction: Direction, mailboxId: string): Direction => {
  if (!(mailboxId in direction)) return direction;
  const { [mailboxId]: _, ...others } = direction;
  return others;
};

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const change = (
  direction: Direction,
  event: Exclude<Event, { readonly type: 'ProfileCreated' }>,
  cause: Cause,
): Direction => {
  const { mailboxId } = event.data;
  switch (event.type) {
    case 'ChannelPaused':
      return { ...direction, [mailboxId]: { at: iso(event.data.nextAttemptAt), over: false, cause } };
    case 'ChannelTestFailed': {
      if (!(mailboxId in direction)) return direction;
      return { ...direction, [mailboxId]: { at: iso(event.data.nextAttemptAt), over: false, cause } };
    }
    case 'ChannelTestSucceeded': {
      const others = Object.entries(without(direction, mailboxId));
      return Object.fromEntries(others.map(([other, paused]) => [other, { ...paused, over: true, cause }]));
    }
    case 'ChannelResumed':
    case 'ChannelDisabled':
    case 'ChannelTestInvalidated':
      return without(direction, mailboxId);
  }
};

const intentsOf = (
  { organizationId, paused }: IncidentsRow,
  profileId: ProfileId,
  channel: MailChannel,
): readonly Intent<ProbeIncident | ResumePausedChannel>[] => {
  const all = (Object.entries(paused[channel]) as [MailboxId, Paused][]).sort(([a], [b]) => (a < b ? -1 : 1));
  const over = all.filter(([, entry]) => entry.over);
  if (over.length > 0) {
    return over.map(([mailboxId, { cause }]) => ({
      key: `resume:${channel}:${mailboxId}`,
      due: null,
      instruction: { type: 'ResumePausedChannel', organizationId, mailboxId, profileId, channel, cause },
    }));
  }

  const candidates = all.flatMap(([mailboxId, { at, cause }]) => (at === null ? [] : [{ mailboxId, at, cause }]));
  // Whoever was tried longest ago is next, so that one mailbox with a trouble of its own cannot hold up the others;
  // and it waits until the newest failure is one interval old: one test for the whole profile, not one for each.
  const next = candidates.reduce<(typeof candidates)[number] | undefined>(
    (earliest, one) => (earliest === undefined || one.at < earliest.at ? one : earliest),
    undefined,
  );
  if (next === undefined) return [];
  const { mailboxId, cause } = next;
  const due = candidates.map(({ at }) => at).reduce((latest, at) => (at > latest ? at : latest));
  return [
    {
      key: `probe:${channel}:${mailboxId}:${due}`,
      due: new Date(due),
      instruction: { type: 'ProbeIncident', organizationId, mailboxId, profileId, channel, cause },
    },
  ];
};

/**
 * While trouble of a profile keeps channels paused, one of its mailboxes is tried at the retry interval; the first test
 * that gets through, whoever asked for it, lets all of them go on.
 */
export const incidents: ProcessManager<IncidentsRow, Event, ProbeIncident | ResumePausedChannel> = {
  name: 'incidents',
  version: 1,
  events,
  keys: ({ data }) => (data.profileId === null ? [] : [data.profileId]),
  evolve: (row, event, _key, recorded) => {
    if (event.type === 'ProfileCreated') {
      return { organizationId: event.data.organizationId, paused: { incoming: {}, outgoing: {} } };
    }
    const { channel } = event.data;
    if (row === undefined || channel === 'act') return row;
    const changed = change(row.paused[channel], event, causeOf(recorded));
    return changed === row.paused[channel] ? row : { ...row, paused: { ...row.paused, [channel]: changed } };
  },
  intents: (row, key) => {
    const profileId = ProfileId.orThrow(key);
    return [...intentsOf(row, profileId, 'incoming'), ...intentsOf(row, profileId, 'outgoing')];
  },
};
