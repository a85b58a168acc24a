import { colours } from '../colours.ts';
import { plain } from '../table.ts';
import type { HistoryChange, HistoryLine } from '../../queries/rows.ts';

const shown = (value: HistoryChange['before']): string => (value === null ? 'nothing' : plain(String(value)));
const isSaid = ({ text }: HistoryLine, { before, after }: HistoryChange): boolean =>
  [before, after].every((value) => value === null || text.sentence.includes(String(value)));

const changeLine = ({ field, before, after }: HistoryChange): string =>
  `      ${colours.dim(`${field}:`)} ${shown(before)} ${colours.dim('→')} ${shown(after)}`;

/** What the sentence does not say already. A new record is told by its sentence alone: all of its fields are new. */
const changeLines = (line: HistoryLine): readonly string[] =>
  line.changes.some(({ field }) => field === 'organizationId')
    ? []
    : line.changes.filter((change) => !isSaid(line, change)).map(changeLine);

const whyLine = ({ text, why }: HistoryLine): readonly string[] =>
  why === null || text.sentence.includes(why.sentence) ? [] : [`      ${colours.dim('why:')} ${why.sentence}`];

const causeLine = ({ cause, actorKind }: HistoryLine): readonly string[] => {
  if (actorKind !== 'system' || cause === null) return [];
  const { type, subject, subjectId, at, actorId } = cause;
  return [`      ${colours.dim(`because of ${type} of ${subject} ${subjectId}, ${at}, by ${actorId}`)}`];
};

/** One line of the history for a person: when, who, by which command, about what; then what happened, and why. */
export const lineInWords = (line: HistoryLine): string => {
  const { at, actorId, actorKind, command, subject, subjectId, subjectName, text } = line;
  const who = actorKind === 'system' ? `${actorId} (automatic)` : colours.bold(actorId);
  const about = [subject, ...(subjectName === null ? [] : [plain(subjectName)]), colours.dim(subjectId)].join(' ');
  const head = [colours.cyan(at), who, command, about].join('  ');
  return [head, `    ${plain(text.sentence)}`, ...changeLines(line), ...whyLine(line), ...causeLine(line)].join('\n');
};
