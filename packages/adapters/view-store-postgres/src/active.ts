import type { Position, ViewName } from '@mailroom/domain';
import type { PostgresDatabase } from './database.ts';

const put = `INSERT INTO mailroom.view_active VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET version = excluded.version`;

/** The build that is to be seen, and the one that is; locked, so that neither moves until it is decided. */
const both = `SELECT view.version, position, view.version = active.version AS seen
  FROM mailroom.view LEFT JOIN mailroom.view_active active USING (name)
  WHERE name = $1 AND view.version IN ($2, active.version) ORDER BY id FOR UPDATE OF view`;

interface Build {
  readonly version: number;
  readonly position: Position | null;
  readonly seen: boolean | null;
}

/** Which build of a view readers see. */
export const activeBuilds = (
  database: PostgresDatabase,
): {
  readonly of: (name: string) => Promise<number | null>;
  readonly set: (view: ViewName) => Promise<void>;
  readonly takeOver: (view: ViewName) => Promise<boolean>;
} => ({
  of: async (name) => {
    const text = 'SELECT version FROM mailroom.view_active WHERE name = $1';
    const found = await database.rows<{ version: number }>({ name: 'active', text, values: [name] });
    return found[0]?.version ?? null;
  },

  set: async ({ name, version }) => {
    await database.rows({ text: put, values: [name, version] });
  },

  takeOver: ({ name, version }) =>
    database.transaction(async (client) => {
      const { rows } = await client.query<Build>(both, [name, version]);
      const place = rows.find((build) => build.version === version)?.position ?? '';
      if (place < (rows.find(({ seen }) => seen === true)?.position ?? '')) return false;
      await client.query(put, [name, version]);
      return true;
    }),
});
