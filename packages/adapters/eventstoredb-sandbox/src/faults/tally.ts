import type { CallName } from './faults.ts';

/** Counts calls, so that a test can tell how many round trips an operation takes and whether anything was left open. */
export class Tally {
  readonly #started = new Map<CallName, number>();
  readonly #open = new Map<CallName, number>();

  /** Notes the start of a call; the returned function notes its end and may be called more than once. */
  start(call: CallName): () => void {
    this.#started.set(call, this.started(call) + 1);
    this.#open.set(call, this.open(call) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#open.set(call, this.open(call) - 1);
    };
  }

  /** Calls that have arrived since the sandbox was started, over restarts. */
  started(call: CallName): number {
    return this.#started.get(call) ?? 0;
  }

  /** Calls that have neither ended nor been cancelled. */
  open(call: CallName): number {
    return this.#open.get(call) ?? 0;
  }
}
