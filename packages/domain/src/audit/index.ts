import type { Aggregate } from '../kernel/aggregate.ts';
import type { Actor } from '../kernel/command.ts';
import type { Decider } from '../kernel/decider.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import { evolve, initialState, type State } from './state.ts';

export type { Command, RecordAuditExport, RecordRefusal } from './commands.ts';
export { AccessRefused, AuditExported, type Event, events, type RefusalReason } from './events.ts';
export { mostInAnHour, sameWithin } from './decide.ts';
export type { State } from './state.ts';

/** What is kept of an actor's doings for the audit trail alone. */
export const decider: Decider<Command, Event, State, never> = { initialState, decide, evolve };

/** The stream of one actor. Two organizations may know different people by one id, so it is derived from both. */
export const streamOf = ({ organizationId, id }: Pick<Actor, 'organizationId' | 'id'>): StreamName =>
  StreamName.orThrow(`audit-${derivedId('audit', organizationId, id)}`);

/** Refusals and exports, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, never> = {
  name: 'audit',
  decider,
  events,
  streamOf: ({ context }) => streamOf(context.actor),
};
