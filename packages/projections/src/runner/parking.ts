import type { JsonObject, RecordedEvent } from '@mailroom/domain';
import type { ParkedKey } from './progress.ts';

/** Rows of this prefix are no rows of the view: they remember, in the same commit, which keys wait and why. */
export const parkingPrefix = '\u0001parked:';

export const isParkingKey = (key: string): boolean => key.startsWith(parkingPrefix);

/** What such a row says. */
export const parkedOf = (row: JsonObject): ParkedKey => row as unknown as ParkedKey;

/** The keys that wait behind an event that could not be applied. */
export const parkingLot = () => {
  const lot = new Map<string, ParkedKey>();
  return {
    has: (key: string): boolean => lot.has(key),
    get size(): number {
      return lot.size;
    },
    list: (): readonly ParkedKey[] => [...lot.values()],
    clear: (): void => lot.clear(),
    /** From a row of the view store, at the start. */
    restore: (key: string, row: JsonObject): void => {
      lot.set(key.slice(parkingPrefix.length), parkedOf(row));
    },
    /** Adds an event to a key, parking it with this reason when it was not. Gives the row to commit. */
    add: (key: string, recorded: RecordedEvent, reason: string): readonly [string, JsonObject] => {
      const { id, stream, revision, position } = recorded;
      const before = lot.get(key) ?? { key, reason, events: [] };
      const parked: ParkedKey = { ...before, events: [...before.events, { eventId: id, stream, revision, position }] };
      lot.set(key, parked);
      return [parkingPrefix + key, parked as unknown as JsonObject];
    },
  };
};

export type ParkingLot = ReturnType<typeof parkingLot>;
