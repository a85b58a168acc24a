import { stringify } from 'csv-stringify/sync';
import type { HistoryLine } from '../queries/rows.ts';

const columns: Readonly<Record<string, (line: HistoryLine) => string>> = {
  at: ({ at }) => at,
  organization: ({ organizationId }) => organizationId,
  actor: ({ actorId }) => actorId,
  actorKind: ({ actorKind }) => actorKind,
  command: ({ command }) => command,
  event: ({ type }) => type,
  subject: ({ subject }) => subject,
  subjectId: ({ subjectId }) => subjectId,
  subjectName: ({ subjectName }) => subjectName ?? '',
  text: ({ text }) => text.sentence,
  why: ({ why }) => why?.sentence ?? '',
  changes: ({ changes }) =>
    changes.map(({ field, before, after }) => `${field}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`).join('; '),
  causedBy: ({ cause }) => (cause === null ? '' : `${cause.type} of ${cause.subject} ${cause.subjectId}`),
  id: ({ id }) => id,
  position: ({ position }) => position,
  correlationId: ({ correlationId }) => correlationId,
  causationId: ({ causationId }) => causationId,
};

/** A spreadsheet executes what begins like a formula, also behind white space: such a cell gets a quote before it. */
const neutral = (cell: string): string => (/^(\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(cell) ? `'${cell}` : cell);

const csvOf = (cells: readonly string[]): string => stringify([cells.map(neutral)], { record_delimiter: '\r\n' });

/** The titles of the columns, as the first line of a file. */
export const csvHead = (): string => csvOf(Object.keys(columns));

/** One line of the history as one record of RFC 4180, with no cell that a spreadsheet would execute. */
export const csvLine = (line: HistoryLine): string => csvOf(Object.values(columns).map((cell) => cell(line)));
