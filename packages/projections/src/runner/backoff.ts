/** How long to wait before trying again: doubling from `firstMs` up to `maxMs`, for ever, with jitter. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Delays that suit a store or server that comes back by itself. */
export const defaultBackoff: Backoff = { firstMs: 100, maxMs: 30_000 };

/** Milliseconds before try number `attempt` + 1 (attempts count from 1): between half and all of the doubled wait. */
export const delayOf = ({ firstMs, maxMs }: Backoff, attempt: number, random: () => number): number => {
  const whole = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random());
};
