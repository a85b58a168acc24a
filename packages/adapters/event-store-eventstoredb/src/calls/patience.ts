/** A call had no answer in its time. The call itself may still be under way. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut';
  constructor(what: string, ms: number) {
    super(`${what}: no answer in ${ms} ms`);
  }
}

/** The promise, or a rejection with `CallTimedOut`. Whatever the promise does later is not heard any more. */
export function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  // By hand: this stands around every call, and `Promise.race` costs several times as much.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CallTimedOut(what, ms)), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // As it came: the client also rejects with what is no Error.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error);
      },
    );
  });
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
