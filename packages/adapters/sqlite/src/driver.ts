/**
 * What goes into a statement and comes out of a row: whole numbers up to 2^53, bytes, and text. Text must not hold
 * U+0000: libsql ends it there (JSON never does, it escapes).
 */
export type SqliteValue = null | number | string | Uint8Array;

/** A row by position, in the order of the columns of the query. */
export type SqliteRow = readonly SqliteValue[];

/** A prepared statement. It lives as long as its connection and may be run any number of times. */
export interface SqliteStatement {
  readonly run: (parameters: readonly SqliteValue[]) => void;
  /** The first row. Use it for queries that give one row at most. */
  readonly get: (parameters: readonly SqliteValue[]) => SqliteRow | undefined;
  readonly all: (parameters: readonly SqliteValue[]) => readonly SqliteRow[];
}

/** One connection to one file. All calls are synchronous; they throw `SqliteFailure`. */
export interface SqliteConnection {
  readonly prepare: (sql: string) => SqliteStatement;
  /** Runs statements that give no rows and take no parameters. */
  readonly exec: (sql: string) => void;
  readonly close: () => void;
}

/**
 * The little that the stores need from a SQLite library. libsql is what this package brings; node:sqlite or
 * better-sqlite3 can take its place in a few lines.
 */
export interface SqliteDriver {
  readonly open: (file: string) => SqliteConnection;
  /** Writes a consistent copy of the file while others read and write it, without holding up this thread. */
  readonly copy: (file: string, target: string) => Promise<void>;
}

/** An error of SQLite, with its symbolic code such as `SQLITE_BUSY`. */
export class SqliteFailure extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = 'SqliteFailure';
    this.code = code;
  }
}

/** Another process holds the lock; it may be tried again. */
export const isBusy = (error: unknown): boolean =>
  error instanceof SqliteFailure && /^SQLITE_(BUSY|LOCKED)/.test(error.code);

/** The file holds something that this would contradict, such as the same key; nothing was written. */
export const isConflict = (error: unknown): boolean =>
  error instanceof SqliteFailure && error.code.startsWith('SQLITE_CONSTRAINT');
