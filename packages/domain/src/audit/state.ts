import type { Event } from './events.ts';

/** A refusal that was recorded, in milliseconds of its own time. */
interface Recorded {
  readonly what: string;
  readonly at: number;
}

/** The refusals of the last hour that were recorded, oldest first: what the limit counts. */
export type State = readonly Recorded[];

export const initialState: State = [];

/** Refusals older than this, in milliseconds, count no longer. */
export const countedFor = 60 * 60_000;

/** Tells one thing that was wanted from another. The record does not matter: whoever tries all ids tries one thing. */
export const whatOf = (refusal: {
  readonly wanted: string;
  readonly reason: string;
  readonly privileges: readonly string[];
}): string => [refusal.wanted, refusal.reason, ...[...refusal.privileges].sort()].join(' ');

export const evolve = (state: State, event: Event): State => {
  if (event.type !== 'AccessRefused') return state;
  const at = event.data.refusedAt.getTime();
  return [...state.filter((earlier) => at - earlier.at < countedFor), { what: whatOf(event.data), at }];
};
