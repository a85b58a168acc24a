import type { Aggregate } from '../kernel/aggregate.ts';
import type { PrincipalId } from '../kernel/command.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { Command } from './commands.ts';
import { decide, type State } from './decide.ts';
import { type Event, events } from './events.ts';

export type { Command, DismissAlert } from './commands.ts';
export { AlertDismissed, type Event, events } from './events.ts';
export type { State } from './decide.ts';

/** What an actor takes off their own wall of alerts. */
export const decider: Decider<Command, Event, State, never> = { initialState: null, decide, evolve: () => null };

/** The stream of a person's dismissals. */
export const streamOf = (principalId: PrincipalId): StreamName => StreamName.orThrow(`alerts-${principalId}`);

/** Dismissals, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, never> = {
  name: 'alerts',
  decider,
  events,
  streamOf: ({ context }) => streamOf(context.actor.id),
};
