/** A call had no answer in its time. The call itself may still be under way. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut';
  constructor(what: string, ms: number) {
    super(`${what}: no answer in ${ms} ms`);
  }
}

/** The promise, or a rejection with `CallTimedOut`. Whatever the promise does later is not heard any more. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CallTimedOut(what, ms)), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise without caring how it ends, and no longer than this. */
export async function politely(ms: number, promise: Promise<unknown>): Promise<void> {
  await within(ms, 'farewell', promise).catch(() => undefined);
}

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** The delay after this attempt (1, 2, …): half of it certain, half of it chance, so that clients do not come in step. */
export function backoff(attempt: number, first: number, longest: number): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (Math.random() * full) / 2;
}
