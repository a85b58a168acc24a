/** How long the store waits for what, in milliseconds. */
export interface Timing {
  /** An append that has no answer by then ends as `OutcomeUnknown`. */
  readonly appendMs: number;
  /** A read that brings nothing for so long ends as `StoreUnavailable`. */
  readonly readIdleMs: number;
  /** A subscription that is not confirmed by then is opened again. */
  readonly confirmMs: number;
  /** How often a subscription that brings nothing is compared with the log. */
  readonly watchdogMs: number;
  /** The first delay before a lost subscription is opened again; it doubles with every attempt that fails. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

export const ordinaryTiming: Timing = {
  appendMs: 10_000,
  readIdleMs: 10_000,
  confirmMs: 10_000,
  watchdogMs: 30_000,
  firstRetryMs: 50,
  longestRetryMs: 5_000,
};

/** How the store is reached, and how long it is waited for. */
export interface EventStoreDbOptions {
  /**
   * `esdb://[user:password@]host[:port][,host…]?…` or `esdb+discover://…`, as the server's documentation has it: one host,
   * the members of a cluster, or a DNS name to discover them by. A TLS connection (the default) needs user and password.
   */
  readonly connectionString: string;
  /**
   * `ownCall` (the default): every append is a call of its own. `sharedStream`: all appends share the client's batch
   * stream, which is up to twice as fast but lets a fault of one append, or of any other client in the process, break all
   * appends or end the process. Only for a process that does nothing else.
   */
  readonly appendBy?: 'ownCall' | 'sharedStream';
  /** The server's `MaxAppendSize` in bytes; default 1 MiB, as on servers before 25.1. */
  readonly maxAppendSize?: number;
  readonly timing?: Partial<Timing>;
}
