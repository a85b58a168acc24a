import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import Database from 'libsql';
import { type SqliteDriver, SqliteFailure, type SqliteRow, type SqliteValue } from './driver.ts';

/** What libsql does and its types leave out: raw rows, parameters as one array. */
interface RawStatement {
  readonly raw: () => RawStatement;
  readonly run: (parameters: readonly SqliteValue[]) => unknown;
  readonly get: (parameters: readonly SqliteValue[]) => SqliteRow | undefined;
  readonly all: (parameters: readonly SqliteValue[]) => readonly SqliteRow[];
}

const failureOf = (error: unknown): SqliteFailure => {
  const { message, code } = error as { readonly message?: unknown; readonly code?: unknown };
  return new SqliteFailure(String(message), typeof code === 'string' ? code : 'SQLITE_ERROR');
};

const attempt = <Result>(work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw failureOf(error);
  }
};

// VACUUM INTO takes as long as the file is large, and libsql has no asynchronous form: so a thread of its own does it.
const copyProgram = `
  const { workerData, parentPort } = require('node:worker_threads');
  const Database = require(workerData.library);
  const database = new Database(workerData.file);
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    database.prepare('VACUUM INTO ?').run([workerData.target]);
    parentPort.postMessage(null);
  } catch (error) {
    parentPort.postMessage({ message: String(error.message), code: error.code });
  } finally {
    database.close();
  }
`;

/** SQLite 3.45 through libsql: prebuilt for Linux, macOS and Windows, no compiler and no install script. */
export const libsqlDriver: SqliteDriver = {
  open: (file) => {
    const database = attempt(() => new Database(file));
    return {
      prepare: (sql) => {
        const statement = attempt(() => database.prepare(sql) as unknown as RawStatement);
        let isRaw = false;
        // A statement without rows cannot be made raw; so it is done at the first read.
        const raw = (): RawStatement => {
          if (!isRaw) statement.raw();
          isRaw = true;
          return statement;
        };
        return {
          run: (parameters) => void attempt(() => statement.run(parameters)),
          get: (parameters) => attempt(() => raw().get(parameters)),
          all: (parameters) => attempt(() => raw().all(parameters)),
        };
      },
      exec: (sql) => attempt(() => database.exec(sql)),
      close: () => attempt(() => database.close()),
    };
  },

  copy: (file, target) =>
    new Promise((resolve, reject) => {
      const library = createRequire(import.meta.url).resolve('libsql');
      const worker = new Worker(copyProgram, { eval: true, workerData: { library, file, target } });
      worker.once('message', (failure: { readonly message: string; readonly code: string } | null) => {
        if (failure === null) resolve();
        else reject(failureOf(failure));
      });
      worker.once('error', reject);
    }),
};
