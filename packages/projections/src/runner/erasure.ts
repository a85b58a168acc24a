import { erased, personEvents, type PersonId, type RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { AnyFold, PersonalRow } from './definition.ts';

/** The types of the events that a fold has to see: its own, and erasures, where its rows say something about persons. */
export const typesOf = ({ events, personal }: AnyFold): readonly string[] =>
  personal === undefined
    ? (events.types as readonly string[])
    : [...(events.types as readonly string[]), ...personEvents.types];

/** Who was erased by this event; null: it is another event. Rows forget a person without any help of their fold. */
export const erasedBy = ({ personal }: AnyFold, recorded: RecordedEvent): PersonId | null => {
  if (personal === undefined || recorded.type !== 'PersonErased') return null;
  const decoded = personEvents.decode(recorded);
  return E.isRight(decoded) ? decoded.right.data.personId : null;
};

/** The row with nothing personal in it. Fields that were empty stay so. */
export const eraseRow = <Row>({ fields }: PersonalRow<Row>, row: Row): Row => ({
  ...row,
  ...Object.fromEntries(fields.filter((field) => row[field] !== null).map((field) => [field, erased])),
});
