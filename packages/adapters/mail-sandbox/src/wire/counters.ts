/** Where the counts of failures that heal are kept, so that a restarted sandbox goes on where it was. */
export interface CounterStore {
  /** The counts saved last; `{}` at first. */
  load(): Promise<Readonly<Record<string, number>>>;
  /** Called before the counted answer is sent. */
  save(counts: Readonly<Record<string, number>>): Promise<void>;
}

/** Counts how often a rule stepped in. */
export interface Counters {
  /** True, and counted, while `key` was taken less than `limit` times. */
  take(key: string, limit: number): Promise<boolean>;
}

/** Counters in memory, or kept in `store`. Calls are answered one after the other. */
export const createCounters = (store?: CounterStore): Counters => {
  let counts: Record<string, number> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const take = async (key: string, limit: number): Promise<boolean> => {
    counts ??= { ...(await store?.load()) };
    const used = counts[key] ?? 0;
    if (used >= limit) return false;
    counts[key] = used + 1;
    await store?.save({ ...counts });
    return true;
  };
  return {
    take: (key, limit) => {
      const taken = last.then(() => take(key, limit));
      last = taken.catch(() => undefined);
      return taken;
    },
  };
};
