import type { Database } from '@mailroom/sqlite';

/** Who works on what, until when. `write` runs its work in one transaction. */
export const leases = (
  { sql }: Database,
  write: <Result>(work: () => Result) => Result,
  now: () => number,
): {
  readonly take: (names: readonly string[], holder: string, ttlMs: number) => ReadonlySet<string>;
  readonly giveBack: (names: readonly string[], holder: string) => void;
} => {
  const isFree = (name: string, holder: string): boolean => {
    const row = sql('SELECT holder, until FROM view_lease WHERE name = ?').get([name]);
    return row === undefined || row[0] === holder || Number(row[1]) <= now();
  };

  return {
    take: (names, holder, ttlMs) => {
      // Whoever stands by only reads: it holds up nobody.
      if (!names.some((name) => isFree(name, holder))) return new Set();
      return write(() => {
        const taken = names.filter((name) => isFree(name, holder));
        const put = sql(
          'INSERT INTO view_lease VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until',
        );
        for (const name of taken) put.run([name, holder, now() + ttlMs]);
        return new Set(taken);
      });
    },
    giveBack: (names, holder) =>
      write(() => {
        for (const name of names) sql('DELETE FROM view_lease WHERE name = ? AND holder = ?').run([name, holder]);
      }),
  };
};
