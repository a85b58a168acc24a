import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../../kernel/json.ts';
import type { Position } from '../../kernel/event-store.ts';

/** A projection in one of its versions. */
export interface ViewName {
  readonly name: string;
  readonly version: number;
}

/** How far a view has come, and the right to write it. `fence` grows with every `open`; only the newest may commit. */
export interface ViewCheckpoint {
  readonly position: Position | null;
  readonly fence: number;
}

export interface ViewUnavailable {
  readonly _tag: 'ViewUnavailable';
  readonly cause: unknown;
}

/** Another runner has taken over, or the checkpoint is not the one that was expected. Nothing was written. */
export interface Fenced {
  readonly _tag: 'Fenced';
}

export type ViewError = ViewUnavailable | Fenced;
/** Rows by key. A key is any text but the empty one, without U+0000. */
export type Rows = ReadonlyMap<string, JsonObject | null>;

/** A parked event: one that could not be applied to a key, with the events of that key that followed. */
export interface Parked {
  readonly eventId: string;
  readonly position: Position;
  readonly key: string;
  readonly reason: string;
}

/** Rows and checkpoint move together, or not at all. Every adapter passes `viewStoreLaws`. */
export interface ViewStore {
  /** Takes the fence: from now on an earlier holder's commits fail with `Fenced`. */
  readonly open: (view: ViewName) => TaskEither<ViewUnavailable, ViewCheckpoint>;
  /** How far it has come, without taking the fence; null: it was never opened. */
  readonly checkpoint: (view: ViewName) => TaskEither<ViewUnavailable, ViewCheckpoint | null>;
  readonly load: (
    view: ViewName,
    keys: readonly string[],
  ) => TaskEither<ViewUnavailable, ReadonlyMap<string, JsonObject>>;
  /** Writes rows (null deletes) and the position, if `from` is still the checkpoint and its fence the newest. */
  readonly commit: (
    view: ViewName,
    from: ViewCheckpoint,
    to: Position,
    rows: Rows,
  ) => TaskEither<ViewError, ViewCheckpoint>;
  /** All rows, in batches, for queries, process managers and comparisons. */
  readonly scan: (view: ViewName) => AsyncIterable<readonly (readonly [key: string, row: JsonObject])[]>;
  /** Readers see this version from now on. */
  readonly activate: (view: ViewName) => TaskEither<ViewUnavailable, void>;
  readonly active: (name: string) => TaskEither<ViewUnavailable, number | null>;
  readonly drop: (view: ViewName) => TaskEither<ViewUnavailable, void>;
  readonly close: () => Promise<void>;
}
