/** A hold that a test controls: what waits at it goes on when it is opened, never because time passed. */
export interface Gate {
  /** How many wait now. */
  readonly waiting: number;
  /** Resolves once `count` (default 1) or more wait at the same time. */
  reached(count?: number): Promise<void>;
  /** Lets everything through, now and later. */
  open(): void;
  /** Holds again what comes from now on. */
  shut(): void;
  /** Waits until the gate is open; a server passes a promise that ends the wait when the connection is gone. */
  pass(abandoned?: Promise<unknown>): Promise<void>;
}

/** A gate that is shut. */
export const createGate = (): Gate => {
  let isOpen = false;
  const waiters = new Set<() => void>();
  let observers: { readonly count: number; readonly tell: () => void }[] = [];
  return {
    get waiting() {
      return waiters.size;
    },
    reached: (count = 1) =>
      new Promise((resolve) => {
        if (waiters.size >= count) resolve();
        else observers.push({ count, tell: resolve });
      }),
    open: () => {
      isOpen = true;
      for (const go of waiters) go();
      waiters.clear();
    },
    shut: () => {
      isOpen = false;
    },
    pass: async (abandoned) => {
      if (isOpen) return;
      let go: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        go = resolve;
      });
      waiters.add(go);
      const reached = observers.filter(({ count }) => waiters.size >= count);
      observers = observers.filter(({ count }) => waiters.size < count);
      for (const { tell } of reached) tell();
      await (abandoned === undefined ? opened : Promise.race([opened, abandoned]));
      waiters.delete(go);
    },
  };
};
