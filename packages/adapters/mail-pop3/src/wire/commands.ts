import * as E from 'fp-ts/lib/Either.js';
import type { Reply } from './reply.ts';
import type { Broken, Transport, UnsafeArgument } from './transport.ts';

/** The server said no to a command. */
export interface CommandRefused {
  readonly _tag: 'Refused';
  readonly command: string;
  readonly reply: Reply;
}

export type CommandFailed = CommandRefused | Broken | UnsafeArgument;

type Answer<T> = Promise<E.Either<CommandFailed, T>>;

/**
 * The commands of an open maildrop, with the names and results of node-pop3, so that code written for it reads the
 * same. Nothing throws and nothing waits for ever: every command ends with its result, the refusal, or the end of the
 * conversation, at the latest when the signal is aborted. Messages are numbered from 1 and returned as bytes' text in
 * latin1, which keeps every byte.
 */
export interface Pop3Commands {
  /** `count size` as the server writes it. */
  readonly STAT: () => Answer<string>;
  /** Number and size of one message, or of all. */
  readonly LIST: {
    (): Answer<readonly (readonly string[])[]>;
    (message: number): Answer<readonly string[]>;
  };
  /** Number and unique id of one message, or of all. */
  readonly UIDL: {
    (): Answer<readonly (readonly string[])[]>;
    (message: number): Answer<readonly string[]>;
  };
  /** A whole message, its lines ended by CR LF. */
  readonly RETR: (message: number) => Answer<string>;
  /** The header, an empty line, and the first lines of the body. */
  readonly TOP: (message: number, lines?: number) => Answer<string>;
  /** Marks a message; it is gone after QUIT. */
  readonly DELE: (message: number) => Answer<string>;
  /** Takes back every mark. */
  readonly RSET: () => Answer<string>;
  readonly NOOP: () => Answer<void>;
  readonly QUIT: () => Answer<string>;
}

const words = (line: string): readonly string[] => line.split(' ').filter((word) => word !== '');

/** The commands over a conversation that is logged in. One at a time. */
export const pop3Commands = (transport: Transport, signal: AbortSignal): Pop3Commands => {
  const refusal = (command: string, reply: Reply): E.Either<CommandFailed, never> =>
    E.left({ _tag: 'Refused', command, reply });

  const single = async (command: string, ...args: readonly number[]): Answer<string> => {
    const reply = await transport.command([command, ...args.map(String)], signal);
    if (E.isLeft(reply)) return reply;
    return reply.right.ok ? E.right(reply.right.text) : refusal(command, reply.right);
  };
  const several = async (command: string, ...args: readonly number[]): Answer<readonly Buffer[]> => {
    const answer = await transport.listing([command, ...args.map(String)], signal);
    if (E.isLeft(answer)) return answer;
    return answer.right.reply.ok ? E.right(answer.right.lines) : refusal(command, answer.right.reply);
  };
  const table = (command: string) =>
    (async (message?: number): Answer<readonly string[] | readonly (readonly string[])[]> => {
      if (message !== undefined) {
        const one = await single(command, message);
        return E.isLeft(one) ? one : E.right(words(one.right));
      }
      const all = await several(command);
      return E.isLeft(all) ? all : E.right(all.right.map((line) => words(line.toString('latin1'))));
    }) as Pop3Commands['LIST'];
  const text = async (command: string, ...args: readonly number[]): Answer<string> => {
    const lines = await several(command, ...args);
    return E.isLeft(lines) ? lines : E.right(lines.right.map((line) => `${line.toString('latin1')}\r\n`).join(''));
  };

  return {
    STAT: () => single('STAT'),
    LIST: table('LIST'),
    UIDL: table('UIDL'),
    RETR: (message) => text('RETR', message),
    TOP: (message, lines = 0) => text('TOP', message, lines),
    DELE: (message) => single('DELE', message),
    RSET: () => single('RSET'),
    NOOP: async () => {
      const reply = await single('NOOP');
      return E.isLeft(reply) ? reply : E.right(undefined);
    },
    QUIT: () => single('QUIT'),
  };
};
