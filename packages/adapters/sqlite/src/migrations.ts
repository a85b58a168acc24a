import type { Database } from './database.ts';
import { SqliteFailure } from './driver.ts';

/** One step from a version of a schema to the next. Never edited once released. */
export type Migration = (database: Database) => void;

/**
 * Brings the tables of one component to their newest version: step n leads from version n - 1 to n. Everything or
 * nothing, and safe when several processes start at once. Several components may share a file.
 *
 * Throws when the file was written by a newer version of the component: it must not be touched then.
 */
export const migrate = (database: Database, component: string, steps: readonly Migration[]): void => {
  database.exec(
    'CREATE TABLE IF NOT EXISTS mailroom_schema (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
  );
  if (versionOf(database, component) === steps.length) return;

  database.exec('BEGIN IMMEDIATE');
  try {
    const found = versionOf(database, component);
    if (found > steps.length) {
      const problem = `schema of ${component}: expected version ${steps.length} at most, found ${found}`;
      throw new SqliteFailure(`${problem}. The file was written by a newer version of this program.`, 'SQLITE_SCHEMA');
    }
    for (const step of steps.slice(found)) step(database);
    database
      .sql('INSERT INTO mailroom_schema VALUES (?, ?) ON CONFLICT (component) DO UPDATE SET version = excluded.version')
      .run([component, steps.length]);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
};

const versionOf = (database: Database, component: string): number => {
  const row = database.sql('SELECT version FROM mailroom_schema WHERE component = ?').get([component]);
  return typeof row?.[0] === 'number' ? row[0] : 0;
};
