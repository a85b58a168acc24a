import type { Aggregate } from '../kernel/aggregate.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import type { Rejection } from './rejections.ts';
import { evolve, initialState, type State } from './state.ts';

export type { ClaimAddress, Command, ReleaseAddress } from './commands.ts';
export { claimHoldsFor } from './decide.ts';
export { AddressClaimed, AddressReleased, type Event, events } from './events.ts';
export { reject, type Rejection } from './rejections.ts';
export type { State } from './state.ts';

/** How the reservation of an address behaves. */
export const decider: Decider<Command, Event, State, Rejection> = { initialState, decide, evolve };

/** The stream of an address, by its keyed hash. */
export const streamOf = (digest: string): StreamName => StreamName.orThrow(`address-${digest}`);

/** The reservation of one address in one organization, ready to run. */
export const aggregate: Aggregate<Command, Event, State, Rejection> = {
  name: 'address',
  decider,
  events,
  streamOf: ({ digest }) => streamOf(digest),
};
