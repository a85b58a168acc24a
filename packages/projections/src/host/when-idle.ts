import type { EventStore, Instruction, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { allLiveViews, type QueryViews } from '../queries/views.ts';
import type { Follower } from '../runner/follower.ts';
import type { RunningProcess } from '../runner/run-process-manager.ts';
import { pause, type Timers } from '../runner/timers.ts';
import type { Idle, RetryDue } from './mailroom.ts';

export interface IdleSources {
  readonly store: Pick<EventStore, 'head'>;
  readonly views: QueryViews;
  readonly processes: readonly RunningProcess<Instruction>[];
  readonly timers: Timers;
  /** Resolves at the next change of any state, or when the signal aborts. */
  readonly nextChange: (signal: AbortSignal) => Promise<void>;
}

const finalStates: ReadonlySet<string> = new Set(['halted', 'superseded', 'stopped']);

type Followed = Pick<Follower, 'progress' | 'whenReached' | 'reached'>;

/** Live, or stopped for good: from the latter nothing more is to be expected. */
const isSettled = (follower: Followed, head: Position | null): boolean => {
  const { state } = follower.progress();
  if (finalStates.has(state)) return true;
  const reached = follower.reached();
  return state === 'live' && (head === null || (reached !== null && reached >= head));
};

/** Owed for now: what waits for its time, or was done and is not answered yet, is not. */
const isQuiet = (process: RunningProcess<Instruction>): boolean =>
  process.isQuiet() && !process.owed().some(({ state }) => state === 'retrying' || state === 'held');

const retriesDue = ({ mailboxes }: QueryViews): readonly RetryDue[] => {
  const due: RetryDue[] = [];
  for (const { mailboxId, active, channels } of mailboxes.rows.values()) {
    for (const channel of ['incoming', 'outgoing'] as const) {
      const at = channels[channel].nextAttemptAt;
      if (active && at !== null) due.push({ mailboxId, channel, at });
    }
  }
  return due.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

/**
 * Waits until no instruction is queued or under way and everybody has taken in everything that was written. A view or
 * process that has stopped for good is not waited for: it is named in the answer. Resolves early when the signal aborts.
 */
export const whenIdle = async (
  { store, views, processes, timers, nextChange }: IdleSources,
  signal: AbortSignal,
): Promise<Idle> => {
  const followers: readonly Followed[] = [...allLiveViews(views), ...processes];
  while (!signal.aborted) {
    const head = await store.head();
    if (E.isLeft(head)) {
      await pause(timers, 200, signal);
      continue;
    }
    // Asked before looking, so that a change in between is not missed.
    const change = nextChange(signal);
    const caughtUp = followers.every((follower) => isSettled(follower, head.right));
    if (caughtUp && processes.every((process) => finalStates.has(process.progress().state) || isQuiet(process))) {
      const after = await store.head();
      if (E.isRight(after) && after.right === head.right) break;
      continue;
    }
    await change;
  }
  const stopped = followers.map(({ progress }) => progress()).filter(({ state }) => finalStates.has(state));
  return { retries: retriesDue(views), stopped: stopped.map(({ name }) => name) };
};
