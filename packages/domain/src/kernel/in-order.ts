/** Runs work of one key in the order in which it was asked for, one at a time. Different keys do not wait for each other. */
export type InOrder = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** Keys that nobody works on cost nothing; work that fails does not hold up what comes after it. */
export const inOrder = (): InOrder => {
  const waiting = new Map<string, (() => void)[]>();

  return async (key, work) => {
    const queue = waiting.get(key);
    if (queue === undefined) waiting.set(key, []);
    else await new Promise<void>((resolve) => queue.push(resolve));

    try {
      return await work();
    } finally {
      // The place is handed over, never freed in between: otherwise a newcomer could slip in first.
      const next = waiting.get(key)?.shift();
      if (next === undefined) waiting.delete(key);
      else next();
    }
  };
};
