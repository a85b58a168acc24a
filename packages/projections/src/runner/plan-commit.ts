import type { JsonObject, RecordedEvent } from '@mailroom/domain';
import { toJson } from './definition.ts';
import type { FoldedBatch, Poison } from './fold-batch.ts';
import type { ParkingLot } from './parking.ts';

/** What one commit writes, and how much of the batch it covers. */
export interface PlannedCommit {
  readonly writes: ReadonlyMap<string, JsonObject | null>;
  /** Events from the start of the batch that are done with this commit. */
  readonly count: number;
  /** The event that ends the follower after this commit. */
  readonly fatal: Poison | undefined;
}

/** The rows that changed, and those that remember what is parked. With a fatal event: only what came before it. */
export const planCommit = <Row>(
  { changes, poison, held }: FoldedBatch<Row>,
  batch: readonly RecordedEvent[],
  onPoison: 'halt' | 'park',
  lot: ParkingLot,
): PlannedCommit => {
  const writes = new Map<string, JsonObject | null>();
  for (const [key, row] of changes) writes.set(key, row === undefined ? null : toJson(row));
  const fatal = poison.find(({ newer }) => newer || onPoison === 'halt');
  if (onPoison === 'park') {
    for (const one of poison) if (!one.newer) writes.set(...lot.add(one.key, one.recorded, one.reason));
    for (const { key, recorded } of held) writes.set(...lot.add(key, recorded, ''));
  }
  // Everything before a fatal event is kept, so that a repaired follower starts exactly there.
  return { writes, count: fatal === undefined ? batch.length : batch.indexOf(fatal.recorded), fatal };
};
