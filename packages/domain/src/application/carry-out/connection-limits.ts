/** Lets at most so many tasks of one key run at the same time; the others wait their turn, in order. */
export interface ConnectionLimits {
  readonly within: <Result>(key: string, maximum: number, task: () => Promise<Result>) => Promise<Result>;
}

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Limits of connections, by authenticating identity: the mailbox where its own credentials are used, the profile where
 * the profile's are. One for each process that runs checks.
 */
export const connectionLimits = (): ConnectionLimits => {
  const lines = new Map<string, Line>();

  return {
    within: async (key, maximum, task) => {
      const line = lines.get(key) ?? { running: 0, waiting: [] };
      lines.set(key, line);
      // A place that becomes free is handed on to the first who waits, so nobody can overtake.
      if (line.running >= maximum) await new Promise<void>((resolve) => line.waiting.push(resolve));
      else line.running += 1;
      try {
        return await task();
      } finally {
        const next = line.waiting.shift();
        if (next !== undefined) next();
        else {
          line.running -= 1;
          if (line.running === 0) lines.delete(key);
        }
      }
    },
  };
};
