import type { Database } from '@mailroom/sqlite';

/** Names and the small numbers that stand for them in the file. Numbers are never given a second time. */
export interface KnownNames {
  /** The number of a name; undefined when nobody has used it yet. */
  readonly find: (name: string) => number | undefined;
  /** The numbers of those names that somebody has used. Names that nobody has used cost one look together. */
  readonly findAll: (names: readonly string[]) => readonly number[];
  /** The number of a name, given now if need be. Within a transaction only. */
  readonly give: (name: string) => number;
  readonly nameOf: (id: number) => string;
  /** Forgets what is in memory: a transaction that gave numbers was taken back. */
  readonly forget: () => void;
}

/** How many names are kept in memory; beyond that they are looked up again. */
const mostKept = 100_000;

export const knownNames = (database: Database, table: 'streams' | 'types'): KnownNames => {
  let ids = new Map<string, number>();
  let names = new Map<number, string>();
  /** Nobody had used these when `lastGiven` was the greatest number. */
  let unused = new Set<string>();
  let lastGiven = 0;

  const keep = (name: string, id: number): number => {
    if (ids.size >= mostKept) ids = new Map();
    ids.set(name, id);
    return id;
  };

  const find = (name: string): number | undefined => {
    const kept = ids.get(name);
    if (kept !== undefined) return kept;
    const row = database.sql(`SELECT id FROM ${table} WHERE name = ?`).get([name]);
    return row === undefined ? undefined : keep(name, Number(row[0]));
  };

  const forgetUsedSince = (): void => {
    const last = Number(database.sql(`SELECT max(id) FROM ${table}`).get([])?.[0] ?? 0);
    if (last !== lastGiven) unused = new Set();
    lastGiven = last;
  };

  return {
    find,
    findAll: (wanted) => {
      if (wanted.some((name) => !ids.has(name))) forgetUsedSince();
      const found: number[] = [];
      for (const name of wanted) {
        // This process may have given the number itself, since it was looked for.
        const id = ids.get(name) ?? (unused.has(name) ? undefined : find(name));
        if (id === undefined) unused.add(name);
        else found.push(id);
      }
      return found;
    },
    give: (name) => {
      const found = find(name);
      if (found !== undefined) return found;
      database.sql(`INSERT INTO ${table} (name) VALUES (?)`).run([name]);
      return keep(name, Number(database.sql(`SELECT id FROM ${table} WHERE name = ?`).get([name])?.[0]));
    },
    nameOf: (id) => {
      const kept = names.get(id);
      if (kept !== undefined) return kept;
      const row = database.sql(`SELECT name FROM ${table} WHERE id = ?`).get([id]);
      if (row === undefined) throw new Error(`no name for number ${id} in ${table}: the file is damaged`);
      if (names.size >= mostKept) names = new Map();
      const name = String(row[0]);
      names.set(id, name);
      return name;
    },
    forget: () => {
      ids = new Map();
      names = new Map();
      unused = new Set();
    },
  };
};
