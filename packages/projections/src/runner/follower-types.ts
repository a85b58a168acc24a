import type { EventStore, Position, ViewStore } from '@mailroom/domain';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Backoff } from './backoff.ts';
import type { Leadership } from './leadership.ts';
import type { Distance, FollowerProgress } from './progress.ts';
import type { Timers } from './timers.ts';
import type { NotReached } from './waiting-list.ts';

/** What followers stand on: store, view store, time, patience. */
export interface FollowerEnv {
  readonly store: Pick<EventStore, 'subscribe' | 'readAll' | 'head'>;
  readonly views: ViewStore;
  /** Without it a follower takes the fence at once, and whoever takes it from it ends it. */
  readonly leadership?: Leadership;
  readonly timers: Timers;
  readonly backoff: Backoff;
  /** What lies between two positions, where the store's positions can be counted. */
  readonly distance: (from: Position | null, to: Position) => Distance | null;
}

/** How one follower behaves, and whom it tells. */
export interface FollowerOptions<Row> {
  readonly kind: 'view' | 'process';
  /** `halt` (default): an event that cannot be applied stops the follower. `park`: its key waits, the rest goes on. */
  readonly onPoison: 'halt' | 'park';
  /** Most events folded into one commit. */
  readonly batch: number;
  /** Works on this build, whatever is active. Default: the active build of its definition; a new one when there is none. */
  readonly build?: number;
  /** While another process leads: folds on in memory, so that its rows can be asked for (true), or waits (default). */
  readonly observes?: boolean;
  /** Every row, where `onRestored` and `onCommitted` are used to keep them: none has to be read from the store then. */
  readonly allRows?: ReadonlyMap<string, Row>;
  /** All rows as they stand after (re)opening the view; what was known before is void. */
  readonly onRestored?: (rows: ReadonlyMap<string, Row>) => void;
  /** After a commit: the rows that it changed. */
  readonly onCommitted?: (changes: ReadonlyMap<string, Row | undefined>, position: Position) => void;
  /** After the commit that took a person out of the rows: whatever else is kept of them has to go too. */
  readonly onErased?: () => void;
  /** The history has been folded; from here on everything is live, until `onBehind`. */
  readonly onLive?: () => void;
  readonly onBehind?: () => void;
  /** Another process leads from here on. */
  readonly onResigned?: () => void;
  /** After every change of `progress().state`. */
  readonly onState?: () => void;
}

/** Folds the history into rows, batch by batch, for as long as it is run. */
export interface Follower {
  /** Follows until the signal aborts, or for a final reason (see `progress().state`). Never rejects. Once only. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly progress: () => FollowerProgress;
  /** Resolves once every event up to this position is in the rows; a Left when this follower will never get there. */
  readonly whenReached: (position: Position, signal?: AbortSignal) => TaskEither<NotReached, void>;
  readonly reached: () => Position | null;
}
