import type { ViewName, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { pause, type Timers } from './timers.ts';

/** What this process may do with a view, until the signal aborts: then ask again. */
export interface Term {
  readonly isLeading: boolean;
  readonly signal: AbortSignal;
}

/** Who leads: of all processes on one view store, one runs each view and process manager; the others stand by. */
export interface Leadership {
  /** A term ends when this process begins or ceases to lead, and when another build of the view was made the active one. */
  readonly term: (name: string) => Term;
  /** This process made a build the active one: that ends no term of its own. */
  readonly activated: (view: ViewName) => void;
  /** Asks for the leases the first time. Resolves when there is an answer, or none to be had now. */
  readonly begin: () => Promise<void>;
  /** Prolongs, and asks again for what others hold, until the signal aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Gives everything back, so that others need not wait until it runs out. False: they will have to. */
  readonly end: () => Promise<boolean>;
}

export interface LeadershipOptions {
  readonly views: Pick<ViewStore, 'lease' | 'release' | 'active'>;
  readonly timers: Timers;
  /** Unlike that of any other process. */
  readonly holder: string;
  readonly names: readonly string[];
  /** A leader that is not heard of for so long is taken to be dead. */
  readonly ttlMs?: number;
  readonly everyMs?: number;
}

interface Held {
  isLeading: boolean;
  active: number | null;
  ending: AbortController;
}

/** With these, another process leads at most eight seconds after the death of one. */
const defaults = { ttlMs: 6000, everyMs: 2000 };

/**
 * Leases say who works, so that nothing is done twice; they rest on clocks, so they promise nothing. That two runners
 * never both write is promised by the fence of the view store.
 */
export const leadership = (options: LeadershipOptions): Leadership => {
  const { views, timers, holder, names, ttlMs = defaults.ttlMs, everyMs = defaults.everyMs } = options;
  const fresh = (isLeading: boolean, active: number | null): Held => ({
    isLeading,
    active,
    ending: new AbortController(),
  });
  const held = new Map(names.map((name) => [name, fresh(false, null)]));
  let prolongedAt = -Infinity;

  const enter = (name: string, isLeading: boolean, active: number | null): void => {
    const before = held.get(name);
    if (before === undefined || (before.isLeading === isLeading && before.active === active)) return;
    held.set(name, fresh(isLeading, active));
    before.ending.abort();
  };

  const beat = async (): Promise<void> => {
    const askedAt = timers.now().getTime();
    const taken = await views.lease(names, holder, ttlMs)();
    if (E.isLeft(taken)) {
      // Nobody knows whose it is once it has run out.
      if (timers.now().getTime() - prolongedAt < ttlMs) return;
      for (const [name, { active }] of held) enter(name, false, active);
      return;
    }
    prolongedAt = askedAt;
    for (const name of names) {
      const active = await views.active(name)();
      enter(name, taken.right.has(name), E.isRight(active) ? active.right : (held.get(name)?.active ?? null));
    }
  };

  return {
    term: (name) => {
      const { isLeading, ending } = held.get(name) ?? fresh(false, null);
      return { isLeading, signal: ending.signal };
    },
    activated: ({ name, version }) => {
      const now = held.get(name);
      if (now !== undefined) now.active = version;
    },
    begin: beat,
    run: async (signal) => {
      const isStopping = (): boolean => signal.aborted;
      while (!isStopping()) {
        await pause(timers, everyMs, signal);
        if (!isStopping()) await beat();
      }
    },
    end: async () => E.isRight(await views.release(names, holder)()),
  };
};
