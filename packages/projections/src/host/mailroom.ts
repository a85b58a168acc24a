import type {
  Actor,
  Clock,
  DeploymentPolicy,
  EventStore,
  Ids,
  Position,
  SecretVault,
  ViewStore,
} from '@mailroom/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Page, Query } from '../queries/query.ts';
import type { QueryableView, ViewRows } from '../queries/rows.ts';
import type { FollowerProgress } from '../runner/progress.ts';

/** Where Mailroom keeps things, and what the operator allows. Everything that has a default may be left out. */
export interface MailroomOptions {
  /** A file (SQLite), an `esdb:` address (EventStoreDB), or a store of the host's own. */
  readonly store: string | EventStore;
  /** Where rows are kept; default: in memory, folded again at each start. */
  readonly views?: 'memory' | ViewStore;
  /** A folder for the envelopes and the key to seal them with, or a vault of the host's own. */
  readonly vault: VaultOptions | SecretVault;
  /** Passed each time it opens; `defaultDeployment` fills what is left out. */
  readonly deployment?: Partial<DeploymentPolicy>;
  /** Checks at the same time; default 32. */
  readonly concurrency?: number;
  /** False: opens for commands and queries only; another process carries out the checks. Default true. */
  readonly runChecks?: boolean;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

/** `key`: 32 bytes, or a file that holds them (made, readable by its owner only, when it does not exist). */
export interface VaultOptions {
  readonly directory: string;
  readonly key: Uint8Array | { readonly file: string };
}

/** A view could not answer: it has stopped (see `progress()`), or does not exist. */
export interface QueryFailure {
  readonly _tag: 'NotReached' | 'InvalidQuery';
  readonly problem: string;
}

/** Mailroom in the hands of one actor. Results are objects with `_tag: 'Left' | 'Right'`; nothing is thrown. */
export interface ActingMailroom<Command, Failure, Done> {
  /** Runs a command: `Left` says why not (a rejection with a sentence, or a failure of the world). */
  readonly execute: (command: Command, options?: ExecuteOptions) => Promise<Either<Failure, Done>>;
  readonly find: <View extends QueryableView>(
    view: View,
    query?: Query,
  ) => Promise<Either<QueryFailure, Page<ViewRows[View]>>>;
}

export interface ExecuteOptions {
  /** UUID; a repeat with the same id gives the first outcome. Default: a new one. */
  readonly commandId?: string;
  readonly correlationId?: string;
  /** False when the input came over an unencrypted channel; default true (an embedding process). */
  readonly secureChannel?: boolean;
}

/** What goes on in a check, as it goes on. Ids only; look the mailbox up for its name. */
export type CheckActivity =
  | {
      readonly _tag: 'CheckStarted';
      readonly mailboxId: string;
      readonly testId: string;
      readonly channel: 'incoming' | 'outgoing';
    }
  | {
      readonly _tag: 'StepStarted';
      readonly mailboxId: string;
      readonly testId: string;
      readonly channel: 'incoming' | 'outgoing';
      readonly step: string;
    }
  | {
      readonly _tag: 'StepEnded';
      readonly mailboxId: string;
      readonly testId: string;
      readonly channel: 'incoming' | 'outgoing';
      readonly step: string;
      readonly status: 'passed' | 'warning' | 'failed' | 'notRun';
      readonly ms: number;
      readonly detail: string | null;
    }
  | {
      readonly _tag: 'CheckEnded';
      readonly mailboxId: string;
      readonly testId: string;
      readonly channel: 'incoming' | 'outgoing';
      readonly verdict: 'passed' | 'warning' | 'failed';
      readonly kind: string | null;
    };

/** A row of a view has changed: `find` it, or wait for `position`. */
export interface RowChanged {
  readonly view: string;
  readonly keys: readonly string[];
  readonly position: Position;
}

/** A retry that is still to come. */
export interface RetryDue {
  readonly mailboxId: string;
  readonly channel: 'incoming' | 'outgoing';
  readonly at: string;
}

/** Nothing runs and every view has caught up. What is left is only what waits for its time. */
export interface Idle {
  readonly retries: readonly RetryDue[];
}

export interface Mailroom<Command, Failure, Done> {
  readonly as: (actor: Actor) => ActingMailroom<Command, Failure, Done>;
  /** What checks are doing, step by step, from now on. Ends when the loop is left or Mailroom closes. */
  readonly checks: (options?: { readonly signal?: AbortSignal }) => AsyncIterable<CheckActivity>;
  /** Rows that change, from now on, of all views or of one. */
  readonly changes: (options?: {
    readonly view?: QueryableView;
    readonly signal?: AbortSignal;
  }) => AsyncIterable<RowChanged>;
  /** How far each view and process has come, for health checks and progress bars. */
  readonly progress: () => readonly FollowerProgress[];
  /** Resolves when no check is queued or under way and every view has caught up with the store. */
  readonly idle: (options?: { readonly signal?: AbortSignal }) => Promise<Idle>;
  /** Stops taking commands, cancels checks under way (they are owed again at the next start), releases everything. */
  readonly close: () => Promise<void>;
}
