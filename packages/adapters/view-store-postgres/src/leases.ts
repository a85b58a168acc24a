import type { PostgresDatabase } from './database.ts';

/** Who works on what, until when: by the clock of the server, the same for all. */
export const leases = (
  database: PostgresDatabase,
): {
  readonly take: (names: readonly string[], holder: string, ttlMs: number) => Promise<ReadonlySet<string>>;
  readonly giveBack: (names: readonly string[], holder: string) => Promise<void>;
} => ({
  take: async (names, holder, ttlMs) => {
    // In one order, so that no two wait for each other.
    const text = `INSERT INTO mailroom.view_lease (name, holder, until)
      SELECT name, $2, clock_timestamp() + $3 * interval '1 millisecond' FROM unnest($1::text[]) AS name ORDER BY name
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE view_lease.holder = excluded.holder OR view_lease.until <= clock_timestamp()
      RETURNING name`;
    const values = [names, holder, ttlMs];
    const taken = await database.rows<{ name: string }>({ name: 'lease', text, values });
    return new Set(taken.map(({ name }) => name));
  },

  giveBack: async (names, holder) => {
    const text = 'DELETE FROM mailroom.view_lease WHERE name = ANY($1::text[]) AND holder = $2';
    await database.rows({ text, values: [names, holder] });
  },
});
