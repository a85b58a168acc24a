import type { Socket } from 'node:net';
import { parseStatus, type Status } from './response.ts';

/** The newest NO, BAD or BYE that a server sent, in its own words: the library keeps only a part of them. */
export interface Refusals {
  readonly newest: () => Status | null;
  /** What was refused so far is settled. */
  readonly forget: () => void;
  /** Node's error that ended the connection; null when there was none. */
  readonly error: () => Error | null;
}

/** Longest line that is looked at; more of it is not kept. */
const maxLine = 8_192;

/** A tagged refusal, or a good-bye. An untagged NO or BAD is only a warning. */
const refusal = /^(?:(?![*+] )\S{1,20} +((?:NO|BAD)\b.*)|\* +(BYE\b.*))$/i;

/** What the lines of interest have; the others are the many. */
const mayRefuse = /\b(?:NO|BAD|BYE)\b/i;

/** Listens beside the library that reads the connection. */
export const listenForRefusals = (socket: Socket, onRefusal: (status: Status) => void): Refusals => {
  let tail = '';
  let newest: Status | null = null;
  let error: Error | null = null;
  socket.on('data', (chunk: Buffer) => {
    const text = tail + chunk.toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    tail = text.slice(end, end + maxLine);
    if (!mayRefuse.test(text)) return;
    for (const line of text.slice(0, end).split('\n')) {
      if (!mayRefuse.test(line)) continue;
      const found = refusal.exec(line.trimEnd());
      const status = found === null ? null : parseStatus(found[1] ?? found[2] ?? '');
      if (status === null) continue;
      newest = status;
      onRefusal(status);
    }
  });
  socket.on('error', (cause: Error) => {
    error = cause;
  });
  return {
    newest: () => newest,
    forget: () => {
      newest = null;
    },
    error: () => error,
  };
};
