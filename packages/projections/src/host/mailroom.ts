import type {
  ActingMailroom as DomainActingMailroom,
  CheckActivity,
  Clock,
  DeploymentPolicy,
  EventStore,
  Ids,
  Mailroom as DomainMailroom,
  OperatorWarning,
  Position,
  TokenProvider,
} from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Page, Query, QueryFailure } from '../queries/query.ts';
import type { QueryableView, ViewRows } from '../queries/rows.ts';
import type { FollowerProgress } from '../runner/progress.ts';
import type { HostActor } from './actor.ts';
import type { AlertMailOptions } from './load-alert-mail.ts';
import type { MailroomVault } from './load-vault.ts';
import type { ViewsLocation } from './load-views.ts';

/** Where Mailroom keeps things, and what the operator allows. Everything that has a default may be left out. */
export interface MailroomOptions {
  /** A file (SQLite), an `esdb:` address (EventStoreDB), or a store of the host's own. */
  readonly store: string | EventStore;
  /**
   * Where rows are kept: a SQLite file, a `postgres://` address, a store of the host's own, or `'memory'`, folded again
   * at each start. Default: the file of the store; in memory for stores that are no file. Of several processes on one
   * place, one keeps each view and carries out the checks; the others stand by and answer queries from memory.
   */
  readonly views?: ViewsLocation;
  /** A folder for the envelopes and where its key is, or a vault of the host's own. */
  readonly vault: VaultOptions | MailroomVault;
  /** Gives access tokens for accounts that are used by OAuth; without one, what was stored for them is the token. */
  readonly tokens?: TokenProvider;
  /** Passed each time it opens; `defaultDeployment` fills what is left out. */
  readonly deployment?: Partial<DeploymentPolicy>;
  /**
   * Tests at the same time, each of one mailbox in both directions; default 32. Organizations share them fairly, one
   * server gets at most half of the connections, and a person who waits goes first.
   */
  readonly concurrency?: number;
  /** False: opens for commands and queries only; another process carries out the checks. Default true. */
  readonly runChecks?: boolean;
  /** How alert mail leaves; left out: none does, and the history says so. */
  readonly alertMail?: AlertMailOptions;
  /** How long a test message that a mailbox sends to itself is waited for; default 120 seconds. */
  readonly testMessagePatienceMs?: number;
  /** What the operator should know, and no organization: it may name several of them. Once for each new case. */
  readonly onWarning?: (warning: OperatorWarning) => void;
  /** What time it is, for everything: commands, retries, and when the embedded store records an event. */
  readonly clock?: Clock;
  /** UUIDs for commands that come without an id of their own. */
  readonly ids?: Ids;
}

/** How an actor came in: `secureChannel: false` when the host took the input over an unencrypted connection. */
export type Channel = NonNullable<Parameters<DomainMailroom<ViewRows>['as']>[1]>;

/** Mailroom in the hands of one actor. Results are objects with `_tag: 'Left' | 'Right'`; nothing is thrown. */
export interface ActingMailroom extends Omit<DomainActingMailroom<ViewRows>, 'find'> {
  /** Finds rows that the actor may see; `atLeast` waits for a command's own position. */
  readonly find: <View extends QueryableView>(
    view: View,
    query?: Query,
  ) => Promise<Either<QueryFailure, Page<ViewRows[View]>>>;
  /**
   * What `find` answers now, and again each time that changes: a live page. Changes in quick succession come as one.
   * Ends when the loop is left, the signal of the query aborts or Mailroom closes; a failure is the last item.
   */
  readonly watch: <View extends QueryableView>(
    view: View,
    query?: Query,
  ) => AsyncIterable<Either<QueryFailure, Page<ViewRows[View]>>>;
  /** What the checks of mailboxes are doing that the actor may see, step by step, from now on. */
  readonly checks: (options?: { readonly signal?: AbortSignal }) => AsyncIterable<CheckActivity>;
}

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
  /** Views and processes that have stopped for good: see `progress()`. */
  readonly stopped: readonly string[];
}

/** Mailroom, opened: commands and queries in the name of somebody, live feeds, progress, and how to close it. */
export interface Mailroom {
  /** Mailroom in the hands of this actor. Throws a `TypeError` when an id of the actor cannot be one. */
  readonly as: (actor: HostActor, channel?: Channel) => ActingMailroom;
  /**
   * What all checks are doing, of every organization: for operators (`as(actor).checks()` for users). Ends when the loop
   * is left or Mailroom closes.
   */
  readonly checks: (options?: { readonly signal?: AbortSignal }) => AsyncIterable<CheckActivity>;
  /** Rows that change, from now on, of all views or of one. */
  readonly changes: (options?: {
    readonly view?: QueryableView;
    readonly signal?: AbortSignal;
  }) => AsyncIterable<RowChanged>;
  /** How far each view and process has come, for health checks and progress bars. */
  readonly progress: () => readonly FollowerProgress[];
  /**
   * Resolves when no check is queued or under way, here or in the process that leads, and every view has caught up with
   * the store. A host opened with `runChecks: false` knows nothing of checks: it waits for its views only.
   */
  readonly idle: (options?: { readonly signal?: AbortSignal }) => Promise<Idle>;
  /** Stops taking commands, cancels checks under way (they are owed again at the next start), releases everything. */
  readonly close: () => Promise<void>;
}
