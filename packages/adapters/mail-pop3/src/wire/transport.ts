import * as E from 'fp-ts/lib/Either.js';
import type { Socket } from 'node:net';
import { createLineReader, type LineReader, type NoLine } from './line-reader.ts';
import { parseChallenge, parseReply, type Reply } from './reply.ts';

/** The conversation cannot go on. */
export type Broken =
  /** The connection ended, or waiting for it was given up. */
  | { readonly _tag: 'Ended'; readonly why: Exclude<NoLine, 'tooLong'> }
  /** Something came that is no POP3; the first bytes of it. */
  | { readonly _tag: 'Malformed'; readonly first: Buffer };

/** Text that could smuggle in a second command. */
export interface UnsafeArgument {
  readonly _tag: 'UnsafeArgument';
}

/** How much and how long a server may talk. */
export interface TransportLimits {
  /** Longest status line. RFC 2449 allows 512 bytes; some servers put a sentence and a link into one. */
  readonly maxLineBytes: number;
  /** Most bytes of one multi-line answer. */
  readonly maxAnswerBytes: number;
}

/** Limits that suit servers anywhere on the Internet. */
export const defaultTransportLimits: TransportLimits = { maxLineBytes: 8_192, maxAnswerBytes: 1_048_576 };

/** POP3 over a connection that somebody else opened: lines, replies, multi-line answers. One command at a time. */
export interface Transport {
  readonly greeting: (signal: AbortSignal) => Promise<E.Either<Broken, Reply>>;
  /** A command with a single-line answer. Arguments are sent as they are; CR, LF and NUL are refused. */
  readonly command: (
    words: readonly string[],
    signal: AbortSignal,
  ) => Promise<E.Either<Broken | UnsafeArgument, Reply>>;
  /** A command whose positive answer goes on over several lines, dot-unstuffed; none of them when refused. */
  readonly listing: (
    words: readonly string[],
    signal: AbortSignal,
  ) => Promise<E.Either<Broken | UnsafeArgument, { readonly reply: Reply; readonly lines: readonly Buffer[] }>>;
  /**
   * Sends several commands in one go (RFC 2449 section 6.6), for servers that announce it. The calls for them that
   * follow, in this order, only read the answers.
   */
  readonly sendAhead: (commands: readonly (readonly string[])[]) => UnsafeArgument | null;
  /** Sends a line of a login exchange and reads the challenge or the verdict. */
  readonly exchange: (
    line: string,
    signal: AbortSignal,
  ) => Promise<E.Either<Broken | UnsafeArgument, { readonly challenge: Buffer } | { readonly reply: Reply }>>;
  /** Gives the socket away for TLS; the bytes that came too early, which must be none. */
  readonly release: () => Buffer;
}

const unsafe = /[\r\n\0]/;

const broken = (why: NoLine, rest: Buffer): Broken =>
  why === 'tooLong' ? { _tag: 'Malformed', first: rest.subarray(0, 512) } : { _tag: 'Ended', why };

/** A dot that begins a line of an answer was doubled by the server (RFC 1939 section 3). */
const unstuffed = (line: Buffer): Buffer => (line[0] === 0x2e ? line.subarray(1) : line);

const isTerminator = (line: Buffer): boolean => line.length === 1 && line[0] === 0x2e;

/** The first bytes of a TLS record are no line of text; waiting for its end would take the whole time limit. */
const mayBeText = (first: Buffer): boolean => first[0] !== 0x15 && first[0] !== 0x16;

const rightReply = (line: Buffer): E.Either<Broken, Reply> => {
  const reply = parseReply(line);
  return reply === null ? E.left({ _tag: 'Malformed', first: line.subarray(0, 512) }) : E.right(reply);
};

/** Speaks POP3 over this socket. */
export const createTransport = (socket: Socket, limits: TransportLimits = defaultTransportLimits): Transport => {
  const reader: LineReader = createLineReader(socket);

  const readLine = async (signal: AbortSignal): Promise<E.Either<Broken, Buffer>> => {
    const result = await reader.next(limits.maxLineBytes, signal, mayBeText);
    return result._tag === 'Line' ? E.right(result.line) : E.left(broken(result.why, reader.rest()));
  };
  const send = (text: string): UnsafeArgument | null => {
    if (unsafe.test(text)) return { _tag: 'UnsafeArgument' };
    socket.write(`${text}\r\n`, 'utf8');
    return null;
  };
  const ahead: string[] = [];
  const sendAhead: Transport['sendAhead'] = (commands) => {
    const lines = commands.map((words) => words.join(' '));
    if (lines.some((line) => unsafe.test(line))) return { _tag: 'UnsafeArgument' };
    socket.write(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
    ahead.push(...lines);
    return null;
  };
  const command: Transport['command'] = async (words, signal) => {
    const text = words.join(' ');
    if (ahead[0] === text) ahead.shift();
    else {
      const refused = send(text);
      if (refused !== null) return E.left(refused);
    }
    const line = await readLine(signal);
    return E.isLeft(line) ? line : rightReply(line.right);
  };

  return {
    greeting: async (signal) => {
      const line = await readLine(signal);
      return E.isLeft(line) ? line : rightReply(line.right);
    },
    command,
    sendAhead,
    listing: async (words, signal) => {
      const reply = await command(words, signal);
      if (E.isLeft(reply)) return reply;
      const lines: Buffer[] = [];
      if (!reply.right.ok) return E.right({ reply: reply.right, lines });
      for (let bytes = 0; bytes <= limits.maxAnswerBytes;) {
        const line = await reader.next(limits.maxLineBytes, signal);
        if (line._tag === 'None') return E.left(broken(line.why, reader.rest()));
        if (isTerminator(line.line)) return E.right({ reply: reply.right, lines });
        bytes += line.line.length + 2;
        lines.push(unstuffed(line.line));
      }
      return E.left({ _tag: 'Malformed', first: Buffer.alloc(0) });
    },
    exchange: async (text, signal) => {
      const refused = send(text);
      if (refused !== null) return E.left(refused);
      const line = await readLine(signal);
      if (E.isLeft(line)) return line;
      const challenge = parseChallenge(line.right);
      if (challenge !== null) return E.right({ challenge });
      const reply = rightReply(line.right);
      return E.isLeft(reply) ? reply : E.right({ reply: reply.right });
    },
    release: () => {
      const rest = reader.rest();
      reader.detach();
      return rest;
    },
  };
};
