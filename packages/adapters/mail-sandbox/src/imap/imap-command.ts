import type { Connection } from '../wire/connection.ts';

/** An argument: an atom or string, or a parenthesised list. */
export type Token = string | readonly Token[];

/** One command as the client sent it, literals included. */
export interface ImapCommand {
  readonly tag: string;
  /** In capitals; `UID FETCH` and the like are one name. */
  readonly name: string;
  readonly tokens: readonly Token[];
  /** The first line with secrets masked. */
  readonly shown: string;
}

const masked = (line: string): string =>
  line.replace(/^(\S+ LOGIN ).*$/i, '$1***').replace(/^(\S+ AUTHENTICATE \S+ ).+$/i, '$1***');

/** Longest literal a client may send. */
const literalLimit = 32 * 1024 * 1024;

/** The next command; `malformed` when it does not follow the grammar, `undefined` at the end. */
export const readCommand = async (connection: Connection): Promise<ImapCommand | 'malformed' | undefined> => {
  const first = await connection.readLine(masked);
  if (first === undefined) return undefined;
  const secret = /^\S+ LOGIN /i.test(first);
  const parts: (string | { readonly literal: string })[] = [];
  let line = first;
  for (;;) {
    const literal = /\{(\d+)(\+?)\}$/.exec(line);
    if (literal === null) break;
    const size = Number(literal[1]);
    if (size > literalLimit) return 'malformed';
    parts.push(line.slice(0, literal.index));
    if (literal[2] !== '+') await connection.writeLines(['+ Ready for literal data']);
    const content = await connection.readBytes(size);
    const rest = await connection.readLine((text) => (secret ? '***' : text));
    if (content === undefined || rest === undefined) return undefined;
    parts.push({ literal: content.toString('utf8') });
    line = rest;
  }
  parts.push(line);
  const tokens = tokenize(parts);
  const [tag, name, ...rest] = tokens ?? [];
  if (typeof tag !== 'string' || typeof name !== 'string') return 'malformed';
  const shown = masked(first);
  if (name.toUpperCase() !== 'UID') return { tag, name: name.toUpperCase(), tokens: rest, shown };
  const [verb, ...more] = rest;
  return typeof verb === 'string' ? { tag, name: `UID ${verb.toUpperCase()}`, tokens: more, shown } : 'malformed';
};

const tokenize = (parts: readonly (string | { readonly literal: string })[]): readonly Token[] | undefined => {
  const stack: Token[][] = [[]];
  const push = (token: Token): void => {
    stack.at(-1)?.push(token);
  };
  for (const part of parts) {
    if (typeof part !== 'string') {
      push(part.literal);
      continue;
    }
    // An atom may hold a bracketed section with blanks and parentheses in it, as in BODY[HEADER.FIELDS (DATE)].
    for (const [text, quoted] of part.matchAll(/"((?:[^"\\]|\\.)*)"|\(|\)|(?:[^\s()"[]|\[[^\]]*\])+|\S/g)) {
      if (quoted !== undefined) push(quoted.replace(/\\(.)/g, '$1'));
      else if (text === '(') stack.push([]);
      else if (text === ')') {
        const list = stack.pop();
        if (list === undefined || stack.length === 0) return undefined;
        push(list);
      } else push(text);
    }
  }
  return stack.length === 1 ? stack[0] : undefined;
};

/** The token when it is a text, else the empty text. */
export const textOf = (token: Token | undefined): string => (typeof token === 'string' ? token : '');

/** A text as an IMAP quoted string. */
export const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`;
