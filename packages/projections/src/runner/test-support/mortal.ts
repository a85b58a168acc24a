import type { EventStore, ViewStore } from '@mailroom/domain';
import type { Timers } from '../timers.ts';

/** A process that dies at one of its awaits: from then on nothing that it asked for ever answers, and nothing is asked. */
export interface Mortal {
  /** One await of the process. Dying `before`: the work is never done; `after`: it is, and nobody hears of it. */
  readonly step: <A>(work: () => Promise<A>) => Promise<A>;
  readonly store: (store: EventStore) => EventStore;
  readonly views: (views: ViewStore) => ViewStore;
  readonly timers: (timers: Timers) => Timers;
  readonly isDead: () => boolean;
  /** The awaits so far. */
  readonly steps: () => number;
}

export const mortal = (dieAt: number, when: 'before' | 'after'): Mortal => {
  let steps = 0;
  let isDead = false;
  const never = <A>(): Promise<A> => new Promise<A>(() => undefined);

  const step: Mortal['step'] = async (work) => {
    if (isDead) return never();
    steps += 1;
    const isLast = steps === dieAt;
    if (isLast && when === 'before') {
      isDead = true;
      return never();
    }
    const result = await work();
    if (isLast) isDead = true;
    return isDead ? never() : result;
  };

  async function* stepped<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    const iterator = items[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await step(() => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  type Call = (...given: readonly unknown[]) => unknown;
  /** Calls that give a task answer in one step; those that give items, in one for each. */
  const through = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member = target[name as keyof Port] as unknown;
        if (typeof member !== 'function') return member;
        if (name === 'head') return () => step(() => (member as () => Promise<unknown>)());
        return (...given: readonly unknown[]) => {
          const called = (member as Call)(...given);
          if (typeof called === 'function') return () => step(() => (called as () => Promise<unknown>)());
          return stepped(called as AsyncIterable<unknown>);
        };
      },
    });

  return {
    step,
    store: through,
    views: through,
    timers: (timers) => ({
      ...timers,
      after: (ms, callback) =>
        timers.after(ms, () => {
          if (!isDead) callback();
        }),
    }),
    isDead: () => isDead,
    steps: () => steps,
  };
};
