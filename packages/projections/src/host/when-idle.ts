import type { EventStore, Instruction, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { allLiveViews, type QueryViews } from '../queries/views.ts';
import type { Follower } from '../runner/follower-types.ts';
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

/** Live and at this position, or stopped for good: then nothing more is to be expected. Else a change is awaited. */
const isSettled = async (follower: Followed, head: Position | null, signal: AbortSignal): Promise<boolean> => {
  const { state } = follower.progress();
  if (finalStates.has(state)) return true;
  if (state !== 'live') return false;
  // One that stops before it gets there is settled too: its state is looked at again.
  return head === null || E.isRight(await follower.whenReached(head, signal)());
};

/**
 * Owed for now: what waits for its time, or was done and is not answered yet, is not. What is held is for another
 * process to carry out, or for this one once that has died.
 */
const isQuiet = (process: RunningProcess<Instruction>, now: Date): boolean =>
  process.isQuiet() &&
  !process.owed().some(({ state, due }) => state === 'retrying' || (state === 'held' && (due === null || due <= now)));

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
 * Waits until no instruction is queued or under way, here or in the process that leads, and everybody has taken in everything that was written. A view or
 * process that has stopped for good is not waited for: it is named in the answer. Resolves early when the signal aborts.
 */
export const whenIdle = async (
  { store, views, processes, timers, nextChange }: IdleSources,
  signal: AbortSignal,
): Promise<Idle> => {
  const followers: readonly Followed[] = [...allLiveViews(views), ...processes];
  const allQuiet = (): boolean =>
    processes.every((process) => finalStates.has(process.progress().state) || isQuiet(process, timers.now()));

  while (!signal.aborted) {
    if (!allQuiet()) {
      // While something is under way it is no use asking how far everybody has come.
      await nextChange(signal);
      continue;
    }
    const head = await store.head();
    if (E.isLeft(head)) {
      await pause(timers, 200, signal);
      continue;
    }
    // Asked before looking, so that a change in between is not missed.
    const looked = new AbortController();
    const change = nextChange(AbortSignal.any([signal, looked.signal]));
    const settled = await Promise.all(followers.map((follower) => isSettled(follower, head.right, signal)));
    const isOver = settled.every(Boolean) && allQuiet();
    if (!isOver) await change;
    looked.abort();
    if (!isOver) continue;
    const after = await store.head();
    if (E.isRight(after) && after.right === head.right) break;
  }
  const stopped = followers.map(({ progress }) => progress()).filter(({ state }) => finalStates.has(state));
  return { retries: retriesDue(views), stopped: stopped.map(({ name }) => name) };
};
