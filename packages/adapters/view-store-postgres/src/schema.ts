import type { ClientBase } from 'pg';

/** Steps from one version of the tables to the next. Never edited once released. */
const steps: readonly string[] = [
  `
  CREATE TABLE mailroom.view (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    definition integer,
    position text COLLATE "C",
    fence bigint NOT NULL DEFAULT 0,
    indexes text[] NOT NULL DEFAULT '{}',
    UNIQUE (name, version)
  );
  CREATE TABLE mailroom.view_active (name text PRIMARY KEY, version integer NOT NULL);
  CREATE TABLE mailroom.view_lease (name text PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL);
  `,
];

/** Any number; the same for everybody who brings these tables up to date. */
const lock = 7_251_964_113;

/**
 * Brings the tables of the schema `mailroom` to their newest version, everything or nothing, also when several
 * processes start at once. Throws when a newer version of this program wrote them.
 */
export const migrate = async (client: ClientBase): Promise<void> => {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
    await client.query('CREATE SCHEMA IF NOT EXISTS mailroom');
    await client.query('CREATE TABLE IF NOT EXISTS mailroom.view_schema (version integer NOT NULL)');
    const found = await client.query<{ version: number }>('SELECT version FROM mailroom.view_schema');
    const version = found.rows[0]?.version ?? 0;
    if (version > steps.length) {
      throw new Error(
        `schema of the view store: expected version ${steps.length} at most, found ${version}. It was written by a newer version of this program.`,
      );
    }
    for (const step of steps.slice(version)) await client.query(step);
    if (found.rows.length === 0) await client.query('INSERT INTO mailroom.view_schema VALUES ($1)', [steps.length]);
    else await client.query('UPDATE mailroom.view_schema SET version = $1', [steps.length]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
};
