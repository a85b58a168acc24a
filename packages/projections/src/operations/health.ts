import type { FollowerProgress, FollowerState } from '../runner/progress.ts';

/** What is known of one view or process at a moment. */
export interface WatchedFollower {
  readonly progress: FollowerProgress;
  /** When it last took a step, or was seen to have taken in everything there is. */
  readonly confirmedAt: Date;
}

export interface Watched {
  readonly now: Date;
  /** When the event store last answered; the start of the watch before it did. */
  readonly sourceConfirmedAt: Date;
  readonly followers: readonly WatchedFollower[];
}

/** Whether this process does its work. */
export interface Health {
  readonly ready: boolean;
  /** Sentences for an operator, without any data of the history; none when it is ready. */
  readonly reasons: readonly string[];
}

/** In these it will never go on by itself. */
const finalStates: ReadonlySet<FollowerState> = new Set<FollowerState>(['halted', 'superseded', 'stopped']);

const secondsBetween = (from: Date, to: Date): number => Math.round((to.getTime() - from.getTime()) / 1000);

const problemOf = ({ progress, confirmedAt }: WatchedFollower, now: Date, staleAfterMs: number): string | null => {
  const { kind, name, state, lastError } = progress;
  const why = lastError === null ? '' : ` (${lastError.tag})`;
  if (finalStates.has(state)) return `the ${kind} ${name} is ${state}${why}`;
  // Another process leads: there is nothing to be done here.
  if (state === 'standby') return null;
  if (now.getTime() - confirmedAt.getTime() <= staleAfterMs) return null;
  return `the ${kind} ${name} is behind and has made no progress for ${secondsBetween(confirmedAt, now)} s${why}`;
};

/**
 * Ready unless something has stopped for good, is behind without progress for so long, or the event store has not been
 * heard of for so long. How far behind something is does not matter: a rebuild that goes on is healthy.
 */
export const healthOf = ({ now, sourceConfirmedAt, followers }: Watched, staleAfterMs: number): Health => {
  const isUnconfirmed = now.getTime() - sourceConfirmedAt.getTime() > staleAfterMs;
  const source = isUnconfirmed
    ? [`the event store has not answered for ${secondsBetween(sourceConfirmedAt, now)} s`]
    : [];
  const problems = followers.flatMap((one) => problemOf(one, now, staleAfterMs) ?? []);
  const reasons = [...source, ...problems];
  return { ready: reasons.length === 0, reasons };
};
