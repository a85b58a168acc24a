import type { Aggregate } from '../kernel/aggregate.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { ProfileId } from '../values/index.ts';
import type { Command } from './commands.ts';
import { decide, evolve, initialState, type State } from './decide.ts';
import { type Event, events } from './events.ts';

export type { AnnounceAlertMail, Command, DropAlertMail, Episode, RecordAlertMailSent } from './commands.ts';
export { AlertMailDropped, AlertMailDue, AlertMailSent, DropReason, type Event, events } from './events.ts';
export type { State } from './decide.ts';

/** Mail to the owner of a profile, once for each episode of trouble. */
export const decider: Decider<Command, Event, State, never> = { initialState, decide, evolve };

/** The stream of the alert mail of a profile. */
export const streamOf = (profileId: ProfileId): StreamName => StreamName.orThrow(`alertMail-${profileId}`);

/** Alert mail, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, never> = {
  name: 'alertMail',
  decider,
  events,
  streamOf: ({ profileId }) => streamOf(profileId),
};
