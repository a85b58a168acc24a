import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../../kernel/json.ts';
import type { Position } from '../../kernel/event-store.ts';

/** The rows of a projection in one of its builds. `version` tells builds apart that stand side by side. */
export interface ViewName {
  readonly name: string;
  readonly version: number;
}

/** What a store is told of a view when it is opened. */
export interface ViewDeclaration {
  /** Version of the definition that folds these rows; default: the view's own version. */
  readonly definition?: number;
  /** Fields at the top of a row, letters and digits, whose texts `find` looks up. Never personal: they stand in clear. */
  readonly indexes?: readonly string[];
}

/** How far a view has come, and the right to write it. `fence` grows with every `open`; only the newest may commit. */
export interface ViewCheckpoint {
  readonly position: Position | null;
  readonly fence: number;
}

/** A build that the store keeps. */
export interface StoredVersion {
  readonly version: number;
  readonly definition: number;
  readonly position: Position | null;
}

/** The view store cannot be reached; it may pass. */
export interface ViewUnavailable {
  readonly _tag: 'ViewUnavailable';
  readonly cause: unknown;
}

/** Another runner has taken over, or the checkpoint is not the one that was expected. Nothing was written. */
export interface Fenced {
  readonly _tag: 'Fenced';
}

/** Why a view store did not do it. */
export type ViewError = ViewUnavailable | Fenced;
/** Rows by key; null deletes. A key is any text but the empty one, without U+0000. */
export type Rows = ReadonlyMap<string, JsonObject | null>;
export type StoredRows = ReadonlyMap<string, JsonObject>;

/** Some of the rows of one state of a view, and how far that state had come. */
export interface ScannedRows {
  readonly position: Position | null;
  readonly rows: readonly (readonly [key: string, row: JsonObject])[];
}

/** Rows and checkpoint move together, or not at all. Every adapter passes `viewStoreLaws`. */
export interface ViewStore {
  /** Takes the fence: from now on an earlier holder's commits fail with `Fenced`. Builds indexes that are new. */
  readonly open: (view: ViewName, declared?: ViewDeclaration) => TaskEither<ViewUnavailable, ViewCheckpoint>;
  /** How far it has come, without taking the fence; null: it was never opened. */
  readonly checkpoint: (view: ViewName) => TaskEither<ViewUnavailable, ViewCheckpoint | null>;
  /** The builds of a projection, the oldest first; dropped ones are not among them. */
  readonly versions: (name: string) => TaskEither<ViewUnavailable, readonly StoredVersion[]>;
  readonly load: (view: ViewName, keys: readonly string[]) => TaskEither<ViewUnavailable, StoredRows>;
  /** Rows in which this field is one of these texts. A field that is no index of the view finds nothing. */
  readonly find: (view: ViewName, field: string, texts: readonly string[]) => TaskEither<ViewUnavailable, StoredRows>;
  /** Writes rows and the position, if `from` is still the checkpoint and its fence the newest. */
  readonly commit: (
    view: ViewName,
    from: ViewCheckpoint,
    to: Position,
    rows: Rows,
  ) => TaskEither<ViewError, ViewCheckpoint>;
  /**
   * All rows, or those whose key begins with `prefix`, in batches: one state, whatever is committed meanwhile. A view
   * that was opened gives at least one batch, which may be empty. Throws when the store cannot be read.
   */
  readonly scan: (view: ViewName, options?: { readonly prefix?: string }) => AsyncIterable<ScannedRows>;
  /** Readers see this version from now on. */
  readonly activate: (view: ViewName) => TaskEither<ViewUnavailable, void>;
  /**
   * The same, unless the version that readers see has come further: then they go on seeing it, and the answer is false.
   * So whoever reads again and again never sees an earlier state after a later one.
   */
  readonly takeOver: (view: ViewName) => TaskEither<ViewUnavailable, boolean>;
  readonly active: (name: string) => TaskEither<ViewUnavailable, number | null>;
  readonly drop: (view: ViewName) => TaskEither<ViewUnavailable, void>;
  /**
   * Takes for this holder what nobody holds, and prolongs what it holds already, until `ttlMs` from now. Gives the
   * names that it holds now. A lease says who works; the fence still says who may write.
   */
  readonly lease: (
    names: readonly string[],
    holder: string,
    ttlMs: number,
  ) => TaskEither<ViewUnavailable, ReadonlySet<string>>;
  /** Gives back at once what this holder holds of these. */
  readonly release: (names: readonly string[], holder: string) => TaskEither<ViewUnavailable, void>;
  readonly close: () => Promise<void>;
}
