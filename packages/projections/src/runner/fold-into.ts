import type { DomainEvent, RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Fold } from './definition.ts';
import { erasedBy, eraseRow } from './erasure.ts';
import { foldFailed, type Poison, undecodable } from './fold-batch.ts';

/**
 * Folds events into rows that are all at hand: nothing is parked, nothing is kept. Gives the event that could not be
 * applied, which ends it, or null. Events of other types are left out.
 */
export const foldInto = <Row, Event extends DomainEvent>(
  fold: Fold<Row, Event>,
  rows: Map<string, Row>,
  events: readonly RecordedEvent[],
): Poison | null => {
  const { personal } = fold;
  for (const recorded of events) {
    const person = personal === undefined ? null : erasedBy(fold, recorded);
    if (personal !== undefined && person !== null) {
      for (const [key, row] of rows) if (personal.personId(row) === person) rows.set(key, eraseRow(personal, row));
      continue;
    }
    const decoded = fold.events.decode(recorded);
    if (E.isLeft(decoded)) {
      if (decoded.left.reason === 'unknown') continue;
      return undecodable(recorded, decoded.left);
    }
    for (const key of fold.keys(decoded.right, recorded)) {
      const row = rows.get(key);
      let next: Row | undefined;
      try {
        next = fold.evolve(row, decoded.right, key, recorded);
      } catch (error) {
        return foldFailed(key, recorded, error);
      }
      if (next === row) continue;
      if (next === undefined) rows.delete(key);
      else rows.set(key, next);
    }
  }
  return null;
};
