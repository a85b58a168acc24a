import type { StoredMessage } from '../accounts/message-store.ts';
import { fieldsOf } from './headers.ts';
import { textOf, type Token } from './imap-command.ts';
import { inSet, isSet } from './imap-sequence-set.ts';

/** One message in its folder. */
export interface Candidate {
  readonly message: StoredMessage;
  readonly number: number;
  readonly lastNumber: number;
  readonly lastUid: number;
}

/** Whether every criterion holds; a criterion that is not known holds for nothing. */
export const matches = (criteria: readonly Token[], candidate: Candidate): boolean => {
  let rest = criteria;
  while (rest.length > 0) {
    const [holds, used] = next(rest, candidate);
    if (!holds) return false;
    rest = rest.slice(used);
  }
  return true;
};

/** The first criterion: whether it holds, and how many tokens it takes. */
const next = (tokens: readonly Token[], candidate: Candidate): readonly [boolean, number] => {
  const [first, second, third] = tokens;
  if (first === undefined) return [false, 1];
  if (typeof first !== 'string') return [matches(first, candidate), 1];
  const { message } = candidate;
  const has = (name: string, text: string): boolean =>
    fieldsOf(message.content).some((field) => field.name === name.toLowerCase() && contains(field.value, text));
  const word = first.toUpperCase();
  const flag = flags[word.replace(/^UN/, '')];
  if (flag !== undefined) return [message.flags.has(flag) !== word.startsWith('UN'), 1];
  switch (word) {
    case 'ALL':
      return [true, 1];
    case 'CHARSET':
      return [true, 2];
    case 'UID':
      return [inSet(textOf(second), message.uid, candidate.lastUid), 2];
    case 'HEADER':
      return [has(textOf(second), textOf(third)), 3];
    case 'SUBJECT':
    case 'FROM':
    case 'TO':
    case 'CC':
      return [has(word, textOf(second)), 2];
    case 'TEXT':
    case 'BODY':
      return [contains(message.content.toString('utf8'), textOf(second)), 2];
    case 'SINCE':
      return [message.receivedAt.getTime() >= Date.parse(`${textOf(second)} UTC`), 2];
    case 'NOT': {
      const [holds, used] = next(tokens.slice(1), candidate);
      return [!holds, used + 1];
    }
    case 'OR': {
      const [left, usedLeft] = next(tokens.slice(1), candidate);
      const [right, usedRight] = next(tokens.slice(1 + usedLeft), candidate);
      return [left || right, 1 + usedLeft + usedRight];
    }
    default:
      return [isSet(first) && inSet(first, candidate.number, candidate.lastNumber), 1];
  }
};

const flags: Readonly<Record<string, string>> = {
  SEEN: '\\Seen',
  DELETED: '\\Deleted',
  ANSWERED: '\\Answered',
  FLAGGED: '\\Flagged',
  DRAFT: '\\Draft',
};

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
