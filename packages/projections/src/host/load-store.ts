import type { EventStore, Position, SealedHistory } from '@mailroom/domain';
import { chainOf } from '../history/chain.ts';
import type { Distance } from '../runner/progress.ts';
import { OpenFailure } from './open-failure.ts';

/** A store, how it is closed again, and what lies between two of its positions (null: it cannot say). */
export interface LoadedStore {
  readonly store: EventStore;
  readonly close: () => Promise<void>;
  readonly distance: (from: Position | null, to: Position) => Distance | null;
  /** Positions and seals of one kind mean nothing to another. */
  readonly kind: 'sqlite' | 'eventstoredb' | 'host';
  /** The chain of hashes over the history; null: this store has none. */
  readonly sealed: SealedHistory | null;
}

const uncounted = (): null => null;

/** Positions of the embedded store count events. */
const eventsBetween = (from: Position | null, to: Position): Distance | null => {
  const difference = Number(to) - (from === null ? 0 : Number(from));
  return Number.isFinite(difference) ? { unit: 'events', count: Math.max(0, difference) } : null;
};

/** Positions of EventStoreDB are places in its log: `commit/prepare`, in bytes. */
const bytesBetween = (from: Position | null, to: Position): Distance | null => {
  const place = (position: Position | null): number => (position === null ? 0 : Number(position.split('/')[0]));
  const difference = place(to) - place(from);
  return Number.isFinite(difference) ? { unit: 'bytes', count: Math.max(0, difference) } : null;
};

/** EventStoreDB, by its address. */
export const isEventStoreDb = (address: string): boolean => /^esdb(\+discover)?:\/\//.test(address);

/**
 * Opens the store of a file or an address, or takes the host's own (which the host closes). `now` is when the embedded
 * store records an event; EventStoreDB has a clock of its own.
 */
export const loadStore = async (given: string | EventStore, now?: () => Date): Promise<LoadedStore> => {
  if (typeof given !== 'string') {
    return { store: given, close: async () => undefined, distance: uncounted, kind: 'host', sealed: null };
  }
  try {
    if (isEventStoreDb(given)) {
      const { eventStoreDb } = await import('@mailroom/event-store-eventstoredb');
      const store = eventStoreDb({ connectionString: given });
      return { store, close: store.close, distance: bytesBetween, kind: 'eventstoredb', sealed: chainOf(store) };
    }
    const { sqliteEventStore } = await import('@mailroom/event-store-sqlite');
    const store = sqliteEventStore({ file: given, ...(now === undefined ? {} : { now }) });
    return { store, close: store.close, distance: eventsBetween, kind: 'sqlite', sealed: store };
  } catch (cause) {
    throw new OpenFailure('store', cause);
  }
};
