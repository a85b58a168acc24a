import './abort-signal.ts';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Position, StoreUnavailable } from './event-store.ts';

/**
 * A place in a history, and the hash over everything up to it. Kept where nobody who can write the history can write,
 * it shows any later change of what lies before it.
 */
export interface Seal {
  readonly position: Position;
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
}

/** The history is not what was written. `position` is the first event where that shows. */
export interface HistoryDamaged {
  readonly _tag: 'HistoryDamaged';
  readonly position: Position;
  readonly problem: string;
}

/** From where on to verify, and who is told how far it is. */
export interface VerifyOptions {
  /**
   * Seals of earlier times, in any order. Without one, a history that was cut off at its end, or written anew from the
   * start with hashes that fit, cannot be told from the true one.
   */
  readonly known?: readonly Seal[];
  /** Only what comes after this seal, which is trusted: for those who verify often. Default: from the start. */
  readonly after?: Seal;
  /** Up to this position; default, up to the newest event. */
  readonly upTo?: Position;
  /** Called now and then with the number of events verified so far. */
  readonly onProgress?: (events: number) => void;
  /** Ends the work early: the answer is `StoreUnavailable`. */
  readonly signal?: AbortSignal;
}

/** How much of a history was verified, and up to which seal. */
export interface Verified {
  /** How many events were verified. */
  readonly events: number;
  /** The seal of the last of them; null when there is none. Keep it elsewhere, for the next time. */
  readonly seal: Seal | null;
}

/**
 * A history in which every event is chained to those before it by a hash. Verification finds events that were changed,
 * removed, put in, or reordered; with a seal also events cut off at the end and a history written anew as a whole.
 */
export interface SealedHistory {
  /** The newest seal as it was written: quick, and verifies nothing. null: there are no events. */
  readonly seal: TaskEither<StoreUnavailable, Seal | null>;
  /** Reads the history and computes the chain anew. */
  readonly verify: (options?: VerifyOptions) => TaskEither<StoreUnavailable | HistoryDamaged, Verified>;
}
