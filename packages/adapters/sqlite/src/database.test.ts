import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, isBusy, migrate, type Migration, openDatabase, SqliteFailure, wakeUp } from './index.ts';

const temporaryFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data', 'test.db');
};

const open = (file: string, options: { readonly busyTimeout?: number; readonly create?: boolean } = {}): Database => {
  const database = openDatabase({ file, ...options });
  onTestFinished(() => database.close());
  return database;
};

const value = (database: Database, sql: string): unknown => database.sql(sql).get([])?.[0];

describe('openDatabase', () => {
  it('is durable unless told otherwise', () => {
    const file = temporaryFile();
    expect(value(open(file), 'PRAGMA synchronous')).toBe(2);
    expect(value(open(file), 'PRAGMA journal_mode')).toBe('wal');
    const normal = openDatabase({ file, durability: 'normal' });
    expect(value(normal, 'PRAGMA synchronous')).toBe(1);
    normal.close();
  });

  it('creates nothing when the file has to exist', () => {
    const file = temporaryFile();
    expect(() => open(file, { create: false })).toThrow(SqliteFailure);
    expect(existsSync(file)).toBe(false);
  });

  it('keeps numbers, texts, bytes and nothing as they are', () => {
    const database = open(temporaryFile());
    database.exec('CREATE TABLE t (n INTEGER, s TEXT, b BLOB, z TEXT) STRICT');
    const row = [2 ** 53 - 1, 'Zoë 👩‍👧', Buffer.from([0, 1, 255]), null] as const;
    database.sql('INSERT INTO t VALUES (?, ?, ?, ?)').run(row);
    const [n, s, b, z] = database.sql('SELECT * FROM t').get([]) ?? [];
    expect([n, s, z]).toEqual([row[0], row[1], null]);
    expect(Buffer.from(b as Uint8Array)).toEqual(row[2]);
  });

  it('says when another connection holds the lock, and can write afterwards', () => {
    const file = temporaryFile();
    const [one, other] = [open(file), open(file, { busyTimeout: 1 })];
    one.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
    one.sql('BEGIN IMMEDIATE').run([]);
    let failure: unknown;
    try {
      other.sql('BEGIN IMMEDIATE').run([]);
    } catch (error) {
      failure = error;
    }
    expect(isBusy(failure)).toBe(true);
    one.sql('COMMIT').run([]);
    other.sql('BEGIN IMMEDIATE').run([]);
    other.sql('INSERT INTO t VALUES (1)').run([]);
    other.sql('COMMIT').run([]);
    expect(value(one, 'SELECT count(*) FROM t')).toBe(1);
  });

  it('gives up nothing but the transaction when it is opened anew', () => {
    const database = open(temporaryFile());
    database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
    database.sql('INSERT INTO t VALUES (?)').run([1]);
    expect(() => database.sql('INSERT INTO t VALUES (?)').run([1])).toThrow(SqliteFailure);
    database.reopen();
    database.sql('INSERT INTO t VALUES (?)').run([2]);
    expect(value(database, 'SELECT count(*) FROM t')).toBe(2);
  });
});

describe('migrate', () => {
  const create: Migration = (database) => database.exec('CREATE TABLE t (a INTEGER) STRICT');
  const widen: Migration = (database) => database.exec('ALTER TABLE t ADD COLUMN b INTEGER');
  const fail: Migration = (database) => {
    database.exec('CREATE TABLE half (a INTEGER) STRICT');
    throw new Error('broken step');
  };

  it('takes each step once, from wherever the file stands', () => {
    const database = open(temporaryFile());
    migrate(database, 'test', [create]);
    migrate(database, 'test', [create]);
    migrate(database, 'test', [create, widen]);
    database.sql('INSERT INTO t (a, b) VALUES (1, 2)').run([]);
    migrate(database, 'other', [(each) => each.exec('CREATE TABLE other (a INTEGER) STRICT')]);
    expect(database.sql('SELECT component, version FROM mailroom_schema ORDER BY 1').all([])).toEqual([
      ['other', 1],
      ['test', 2],
    ]);
  });

  it('takes all steps or none', () => {
    const database = open(temporaryFile());
    expect(() => migrate(database, 'test', [create, fail])).toThrow('broken step');
    expect(value(database, `SELECT count(*) FROM sqlite_master WHERE name IN ('t', 'half')`)).toBe(0);
    migrate(database, 'test', [create, widen]);
  });

  it('refuses a file of a newer version', () => {
    const database = open(temporaryFile());
    migrate(database, 'test', [create, widen]);
    expect(() => migrate(database, 'test', [create])).toThrow(/newer version/);
  });
});

describe('wakeUp', () => {
  const table = (): readonly [Database, Database] => {
    const file = temporaryFile();
    const [one, other] = [open(file), open(file)];
    one.exec('CREATE TABLE t (n INTEGER) STRICT');
    return [one, other];
  };
  const never = (): AbortSignal => new AbortController().signal;
  const rowsIn = (database: Database) => (): number => Number(value(database, 'SELECT count(*) FROM t'));

  it('tells what another connection committed', async () => {
    const [one, other] = table();
    const wake = wakeUp(one, rowsIn(one));
    for (let n = 0; n < 5; n++) {
      const then = wake.now();
      const waiting = wake.changedSince(then, never());
      // The waiter is asleep by now; only the commit can wake it.
      setImmediate(() => other.sql('INSERT INTO t VALUES (1)').run([]));
      while (value(one, 'SELECT count(*) FROM t') !== n + 1) await wake.changedSince(wake.now(), never());
      await waiting;
    }
    wake.close();
  });

  it('tells what this connection committed, also when that was before the waiting began', async () => {
    const [one] = table();
    const wake = wakeUp(one, rowsIn(one));
    const then = wake.now();
    wake.committed(rowsIn(one)());
    await wake.changedSince(then, never());
    const waiting = wake.changedSince(wake.now(), never());
    wake.committed(rowsIn(one)());
    await waiting;
    wake.close();
  });

  it('lets those sleep whom a commit does not concern', async () => {
    const [one, other] = table();
    other.exec('CREATE TABLE rows_of_others (n INTEGER) STRICT');
    const rows = rowsIn(one);
    let onLook = (): void => undefined;
    const wake = wakeUp(one, () => {
      onLook();
      return rows();
    });
    const then = wake.now();
    const waiting = wake.changedSince(then, never());
    other.sql('INSERT INTO rows_of_others VALUES (1)').run([]);
    for (let look = 0; look < 2; look++) {
      await new Promise<void>((resolve) => {
        onLook = resolve;
      });
    }
    expect(wake.now()).toBe(then);
    other.sql('INSERT INTO t VALUES (1)').run([]);
    await waiting;
    expect(wake.now()).not.toBe(then);
    wake.close();
  });

  it('lets go of those who cancel, and of all when it is closed', async () => {
    const [one] = table();
    const wake = wakeUp(one, rowsIn(one));
    const stop = new AbortController();
    const cancelled = wake.changedSince(wake.now(), stop.signal);
    const waiting = wake.changedSince(wake.now(), never());
    stop.abort();
    await cancelled;
    await wake.changedSince(wake.now(), stop.signal);
    wake.close();
    await waiting;
    await wake.changedSince(wake.now(), never());
  });
});
