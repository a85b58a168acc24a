/**
 * The rows that a follower has read or written lately; that there is no such row is known too. True as long as nobody
 * else writes the view, that is, while the fence is held.
 */
export interface RowCache<Row> {
  /** The rows that are known, and the keys about which nothing is. */
  readonly get: (keys: Iterable<string>) => { readonly rows: Map<string, Row>; readonly unknown: readonly string[] };
  readonly put: (key: string, row: Row | undefined) => void;
}

/**
 * Keeps between `limit` and twice as many of the rows that were touched last. `isEmpty`: the view has no rows yet, so
 * about every key it is known that there is none.
 */
export const rowCache = <Row>(limit: number, isEmpty = false): RowCache<Row> => {
  let young = new Map<string, Row | undefined>();
  let old = new Map<string, Row | undefined>();
  /** Every row that there is is among them. */
  let isComplete = isEmpty;

  const put = (key: string, row: Row | undefined): void => {
    young.set(key, row);
    if (young.size < limit) return;
    if (old.size > 0) isComplete = false;
    old = young;
    young = new Map();
  };

  return {
    get: (keys) => {
      const rows = new Map<string, Row>();
      const unknown: string[] = [];
      for (const key of keys) {
        const isYoung = young.has(key);
        if (!isYoung && !old.has(key)) {
          if (!isComplete) unknown.push(key);
          continue;
        }
        const row = isYoung ? young.get(key) : old.get(key);
        if (row !== undefined) rows.set(key, row);
        if (!isYoung) put(key, row);
      }
      return { rows, unknown };
    },
    put,
  };
};
