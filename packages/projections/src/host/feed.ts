/** Items from now on, for any number of listeners, each at its own pace. */
export interface Feed<Item> {
  readonly publish: (item: Item) => void;
  /**
   * Ends when the loop is left, the signal aborts, or the feed ends. A listener that is too slow loses the oldest items
   * beyond `most`: with 1 it learns that something happened, however often it did.
   */
  readonly listen: (signal?: AbortSignal, wanted?: (item: Item) => boolean, most?: number) => AsyncIterable<Item>;
  readonly end: () => void;
}

/** What a listener that does not come may pile up. */
const mostKept = 10_000;

interface Listener<Item> {
  readonly take: (item: Item) => void;
  readonly end: () => void;
}

export const feed = <Item>(): Feed<Item> => {
  const listeners = new Set<Listener<Item>>();
  let ended = false;

  const listen = (
    signal?: AbortSignal,
    wanted: (item: Item) => boolean = () => true,
    most = mostKept,
  ): AsyncIterable<Item> => {
    // Listening begins with the call, not with the first turn of the loop: nothing in between is missed.
    const kept: Item[] = [];
    let over = ended || signal?.aborted === true;
    let wake: () => void = () => undefined;
    const listener: Listener<Item> = {
      take: (item) => {
        if (!wanted(item)) return;
        kept.push(item);
        if (kept.length > most) kept.shift();
        wake();
      },
      end: () => {
        over = true;
        listeners.delete(listener);
        signal?.removeEventListener('abort', listener.end);
        wake();
      },
    };
    if (!over) {
      listeners.add(listener);
      signal?.addEventListener('abort', listener.end, { once: true });
    }
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          while (kept.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
          const item = kept.shift();
          return item === undefined ? { done: true, value: undefined } : { done: false, value: item };
        },
        return: async () => {
          listener.end();
          return { done: true, value: undefined };
        },
      }),
    };
  };

  return {
    publish: (item) => {
      for (const listener of listeners) listener.take(item);
    },
    listen,
    end: () => {
      ended = true;
      for (const listener of [...listeners]) listener.end();
    },
  };
};
