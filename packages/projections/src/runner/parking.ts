import type { JsonObject, RecordedEvent } from '@mailroom/domain';
import type { ParkedKey } from './progress.ts';

/** Rows of this prefix are no rows of the view: they remember, in the same commit, which keys wait and why. */
const prefix = '\u0000parked:';

export const isParkingKey = (key: string): boolean => key.startsWith(prefix);

/** The keys that wait behind an event that could not be applied. */
export const parkingLot = () => {
  const lot = new Map<string, ParkedKey>();
  return {
    has: (key: string): boolean => lot.has(key),
    list: (): readonly ParkedKey[] => [...lot.values()],
    clear: (): void => lot.clear(),
    /** From a row of the view store, at the start. */
    restore: (key: string, row: JsonObject): void => {
      const parked = row as unknown as ParkedKey;
      lot.set(key.slice(prefix.length), parked);
    },
    /** Adds an event to a key, parking it with this reason when it was not. Gives the row to commit. */
    add: (key: string, { id, position }: RecordedEvent, reason: string): readonly [string, JsonObject] => {
      const before = lot.get(key) ?? { key, reason, events: [] };
      const parked: ParkedKey = { ...before, events: [...before.events, { eventId: id, position }] };
      lot.set(key, parked);
      return [prefix + key, parked as unknown as JsonObject];
    },
  };
};

export type ParkingLot = ReturnType<typeof parkingLot>;
