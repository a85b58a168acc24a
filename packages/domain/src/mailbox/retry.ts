import type { FoundFailure, Retries } from './commands.ts';

/** Share of the delay by which a retry comes earlier or later, so that mailboxes that failed together spread out. */
const jitter = 0.1;

/** A number from -1 to 1 that is always the same for the same text (FNV-1a): nothing here is random. */
const spread = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (hash / 0xffffffff) * 2 - 1;
};

/** When the next try after this attempt is due: the plan's delay with jitter, or the server's own hint if that is longer. */
export const nextAttemptAt = (
  at: Date,
  mailboxId: string,
  attempt: number,
  { firstDelaySeconds }: Retries,
  { retryAfterSeconds }: FoundFailure,
): Date => {
  const planned = firstDelaySeconds * 1000 * (1 + jitter * spread(`${mailboxId}/${attempt}`));
  return new Date(at.getTime() + Math.max(Math.round(planned), (retryAfterSeconds ?? 0) * 1000));
};
