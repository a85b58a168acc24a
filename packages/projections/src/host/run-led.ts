import { setMaxListeners } from 'node:events';
import type { Follower } from '../runner/follower-types.ts';
import type { Leadership } from '../runner/leadership.ts';

/** Runs followers under one leadership until the signal aborts and all have ended; then others may lead at once. */
export const runLed = async (
  leadership: Leadership,
  followers: readonly Pick<Follower, 'run'>[],
  signal: AbortSignal,
): Promise<void> => {
  const ended = new AbortController();
  // Every view and process listens to it; that is no leak.
  setMaxListeners(0, signal, ended.signal);
  await leadership.begin();
  const beating = leadership.run(ended.signal);
  await Promise.all(followers.map(({ run }) => run(signal)));
  ended.abort();
  await beating;
  await leadership.end();
};
