/**
 * The rows that a follower has read or written lately; `undefined` is known as well: there is no such row. True as long
 * as nobody else writes the view, that is, while the fence is held.
 */
export interface RowCache<Row> {
  /** The keys about which nothing is known. */
  readonly unknown: (keys: Iterable<string>) => readonly string[];
  /** All of these keys must be known. */
  readonly get: (keys: Iterable<string>) => ReadonlyMap<string, Row>;
  readonly put: (key: string, row: Row | undefined) => void;
  readonly clear: () => void;
}

/** Keeps between `limit` and twice as many of the rows that were touched last. */
export const rowCache = <Row>(limit: number): RowCache<Row> => {
  let young = new Map<string, Row | undefined>();
  let old = new Map<string, Row | undefined>();

  const put = (key: string, row: Row | undefined): void => {
    young.set(key, row);
    if (young.size < limit) return;
    old = young;
    young = new Map();
  };

  return {
    unknown: (keys) => [...keys].filter((key) => !young.has(key) && !old.has(key)),
    get: (keys) => {
      const found = new Map<string, Row>();
      // Putting them may push others out: first look, then put.
      const touched: (readonly [string, Row | undefined])[] = [];
      for (const key of keys) {
        const row = young.has(key) ? young.get(key) : old.get(key);
        if (row !== undefined) found.set(key, row);
        if (!young.has(key)) touched.push([key, row]);
      }
      for (const [key, row] of touched) put(key, row);
      return found;
    },
    put,
    clear: () => {
      young = new Map();
      old = new Map();
    },
  };
};
