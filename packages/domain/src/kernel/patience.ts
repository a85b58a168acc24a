/** Waits this many milliseconds. Tests and hosts may bring their own. */
export type Pause = (milliseconds: number) => Promise<void>;

/** How often something is tried, and how long to wait in between: doubling from the first delay up to the longest. */
export interface Patience {
  readonly attempts: number;
  readonly firstDelay: number;
  readonly longestDelay: number;
}

// The domain compiles without the types of a platform; every platform has this function.
const { setTimeout } = globalThis as unknown as { setTimeout: (run: () => void, milliseconds: number) => unknown };

export const ordinaryPause: Pause = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/**
 * The delay after this attempt (1, 2, ...): between half and all of the doubled delay. Where in between follows from
 * the seed, so that commands which failed together do not come back together, and nothing here is random.
 */
export const delayAfter = (attempt: number, patience: Patience, seed: string): number => {
  const full = Math.min(patience.longestDelay, patience.firstDelay * 2 ** (attempt - 1));
  let hash = attempt;
  for (let i = 0; i < seed.length; i++) hash = (hash * 31 + seed.charCodeAt(i)) >>> 0;
  return full / 2 + ((hash % 1000) / 1000) * (full / 2);
};
