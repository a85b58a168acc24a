import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SqliteConnection, type SqliteDriver, SqliteFailure, type SqliteStatement } from './driver.ts';
import { libsqlDriver } from './libsql-driver.ts';

/** Which file to open, and how. */
export interface DatabaseOptions {
  readonly file: string;
  /**
   * `full` (default): what was acknowledged survives a power cut. `normal`: it survives the death of the process, and a
   * power cut may take the last moments (never their consistency); several times faster for single commits.
   */
  readonly durability?: 'full' | 'normal';
  /** Milliseconds a statement waits for another process's lock; the thread waits with it. Default 250. */
  readonly busyTimeout?: number;
  /** False: a file that does not exist is an error, and nothing is created. Default true. */
  readonly create?: boolean;
  /** KiB of pages kept in memory; default 65,536. A file that is written at its end and read in order needs few. */
  readonly cacheSize?: number;
  readonly driver?: SqliteDriver;
}

/** One connection, with its prepared statements. After a failure it can be opened anew; statements follow by their text. */
export interface Database {
  readonly file: string;
  readonly exec: (sql: string) => void;
  /** The statement with this text, prepared once for the life of the connection. */
  readonly sql: (text: string) => SqliteStatement;
  /** Closes the connection and opens a new one: the only sure way to end whatever a failed statement left behind. */
  readonly reopen: () => void;
  /** A consistent copy, made while everything goes on. The target must not exist. */
  readonly copyTo: (target: string) => Promise<void>;
  readonly close: () => void;
}

/** Opening may meet another process that is creating the same file: that takes moments, so it is worth waiting. */
const openingTimeout = 5000;

/** Opens or creates the file in WAL mode: readers never wait, one process writes at a time. */
export const openDatabase = ({
  file,
  durability = 'full',
  busyTimeout = 250,
  create = true,
  cacheSize = 65_536,
  driver = libsqlDriver,
}: DatabaseOptions): Database => {
  if (!create && !existsSync(file)) throw new SqliteFailure('file: expected an existing database', 'SQLITE_CANTOPEN');
  if (create) mkdirSync(dirname(file), { recursive: true });

  const connect = (): SqliteConnection => {
    const connection = driver.open(file);
    try {
      connection.exec(`PRAGMA busy_timeout = ${openingTimeout}`);
      connection.exec('PRAGMA journal_mode = WAL');
      connection.exec(`PRAGMA synchronous = ${durability}`);
      // Where a plain fsync does not reach the disk (macOS); elsewhere these change nothing.
      connection.exec(`PRAGMA fullfsync = ${durability === 'full' ? 1 : 0}`);
      connection.exec('PRAGMA checkpoint_fullfsync = 1');
      connection.exec(`PRAGMA cache_size = -${cacheSize}`);
      // 16 MiB between checkpoints: the fewer, the less is written twice.
      connection.exec('PRAGMA wal_autocheckpoint = 4000');
      connection.exec('PRAGMA temp_store = MEMORY');
      connection.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  };

  let connection = connect();
  let statements = new Map<string, SqliteStatement>();

  return {
    file,
    exec: (sql) => connection.exec(sql),
    sql: (text) => {
      let statement = statements.get(text);
      if (statement === undefined) {
        statement = connection.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
    reopen: () => {
      statements = new Map();
      try {
        connection.close();
      } catch {
        // It may have been closed by an attempt before.
      }
      connection = connect();
    },
    copyTo: (target) => driver.copy(file, target),
    close: () => {
      try {
        // A connection is let go when its last statement is collected, so the log would stay beside the file.
        connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // Others use the file: the last of them will do it.
      }
      statements = new Map();
      connection.close();
    },
  };
};
