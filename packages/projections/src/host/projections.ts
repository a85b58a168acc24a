import type { Clock, DeploymentPolicy, EventStore, Position, ScannedRows, StoredVersion } from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import type { Either } from 'fp-ts/lib/Either.js';
import type { RowDifference } from '../runner/diff-rows.ts';
import type { Follower } from '../runner/follower-types.ts';
import type { NotMended } from '../runner/mend-parked.ts';
import type { Distance, FollowerProgress, ParkedKey } from '../runner/progress.ts';
import type { Rebuilt } from '../runner/rebuild.ts';
import type { AlertMailOptions } from './load-alert-mail.ts';
import type { MailroomVault } from './load-vault.ts';
import type { ViewsLocation } from './load-views.ts';

/** Where history and rows are, and which projections to keep. */
export interface ProjectionsOptions {
  /** The history: a SQLite file, an `esdb:` address, or a store of the host's own. */
  readonly store: string | EventStore;
  readonly views: ViewsLocation;
  /** Opens personal data in events, and seals it in rows. */
  readonly vault: VaultOptions | MailroomVault;
  /**
   * Names of `projectionNames`, and on EventStoreDB `chain`, the tamper evidence. What is left out is not kept here.
   * Default: every view, that chain, and every process manager where `processes` is given.
   */
  readonly only?: readonly string[];
  /** Carries out checks and commands too, where this process leads a process manager. */
  readonly processes?: {
    readonly deployment?: Partial<DeploymentPolicy>;
    /** Checks at the same time; default 32. */
    readonly concurrency?: number;
    /** Left out: the process manager of alert mail is not run here, unless `only` names it. */
    readonly alertMail?: AlertMailOptions;
  };
  /** `halt` (default): an event that cannot be applied stops its view. `park`: its key waits, the rest goes on. */
  readonly onPoison?: 'halt' | 'park';
  /** Most events in one commit; default 1,000. */
  readonly batch?: number;
  readonly clock?: Clock;
}

/** A view or process manager, and its builds in the view store. */
export interface StoredProjection {
  readonly name: string;
  readonly kind: 'view' | 'process';
  /** Version of the definition in this code. */
  readonly definition: number;
  /** The build that readers see. */
  readonly active: number | null;
  readonly builds: readonly (StoredVersion & {
    /** What of the history is not in it yet, where the store can count that. */
    readonly behind: Distance | null;
  })[];
}

/** What differs between two builds, each as it stands at its own position. */
export interface BuildDifference {
  readonly one: { readonly version: number; readonly position: Position | null };
  readonly other: { readonly version: number; readonly position: Position | null };
  readonly differences: readonly RowDifference[];
}

/** `Unknown…`: no such projection, build or key. `Unreachable`: passing trouble of a store. The rest says what it is. */
export interface ProjectionFailure {
  readonly _tag:
    'UnknownProjection' | 'UnknownVersion' | 'Unreachable' | 'NotRebuilt' | 'NotReached' | NotMended['_tag'];
  readonly problem: string;
}

export type Answer<Value> = Promise<Either<ProjectionFailure, Value>>;

/** Views and process managers without a host: run, rebuilt, compared and mended. Nothing is printed. */
export interface Projections {
  /** What `run` runs. */
  readonly names: readonly string[];
  /**
   * Runs until the signal aborts: leads what nobody else leads, stands by for the rest and takes over within ten
   * seconds. Resolves when everything has ended, at most five seconds after the signal; checks under way are cancelled
   * and owed again. Once only.
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Brings every view to the head as of now, whoever leads it, and ends. Carries nothing out. In place of `run`. */
  readonly catchUp: (signal: AbortSignal) => Answer<Position | null>;
  readonly progress: () => readonly FollowerProgress[];
  /** For health checks: who is to be watched, and at what store (`watch` of the operations). */
  readonly watched: {
    readonly followers: readonly Pick<Follower, 'progress' | 'whenReached'>[];
    readonly store: Pick<EventStore, 'head'>;
  };
  readonly list: () => Answer<readonly StoredProjection[]>;
  /** Builds a view beside the one that readers see, then switches; the build before is kept until it is dropped. */
  readonly rebuild: (
    name: string,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: FollowerProgress) => void },
  ) => Answer<Rebuilt>;
  readonly diff: (name: string, one: number, other: number) => Answer<BuildDifference>;
  /** Readers, and who leads, go over to this build. */
  readonly activate: (name: string, version: number) => Answer<void>;
  readonly drop: (name: string, version: number) => Answer<void>;
  /** All rows of a build (default: the active one) as one state. */
  readonly rows: (name: string, version?: number) => AsyncIterable<ScannedRows>;
  /** Keys that wait behind an event that could not be applied, in the active build. */
  readonly parked: {
    readonly list: (name?: string) => Answer<readonly (ParkedKey & { readonly name: string })[]>;
    /** Applies what waits, with the code as it is now. */
    readonly retry: (name: string, key: string) => Answer<ParkedKey>;
    /** Gives up what waits: the row goes on without those events. */
    readonly drop: (name: string, key: string) => Answer<ParkedKey>;
  };
  readonly close: () => Promise<void>;
}
