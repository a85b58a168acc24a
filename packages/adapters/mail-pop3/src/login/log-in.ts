import { createSaslClient, type SaslClient, type SaslIdentity, type SaslMechanism } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { createHash } from 'node:crypto';
import type { Reply } from '../wire/reply.ts';
import type { Broken, Transport, UnsafeArgument } from '../wire/transport.ts';
import type { Login } from './choose.ts';

/** What the server answered to a login, and to which command. */
export interface LoginAnswer {
  readonly reply: Reply;
  readonly command: 'USER' | 'PASS' | 'APOP' | 'AUTH';
  /** What it said about a token, when it did. */
  readonly tokenError: string | null;
}

/** The server accepted a login without proving that it knows the password, though the mechanism asks for it. */
interface ServerNotProved {
  readonly _tag: 'ServerNotProved';
}

export type LoginResult = E.Either<Broken | UnsafeArgument | ServerNotProved, LoginAnswer>;

export interface LoginParts {
  readonly transport: Transport;
  readonly identity: SaslIdentity;
  /** Of the greeting; empty when there is none. */
  readonly timestamp: string;
  /** Name and password may be sent together. */
  readonly pipelining: boolean;
  /** Takes what is derived from the secret out of everything that is reported. */
  readonly hide: (...secrets: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** Longest command line that carries an initial response (RFC 2449 section 4). */
const maxCommandBytes = 255;

/** More challenges than this are no login. */
const maxRounds = 8;

const answered = (command: LoginAnswer['command'], reply: Reply): LoginResult =>
  E.right({ reply, command, tokenError: null });

const byUserPass = async ({ transport, identity, pipelining, signal }: LoginParts): Promise<LoginResult> => {
  const unsafe = pipelining
    ? transport.sendAhead([
        ['USER', identity.userName],
        ['PASS', identity.secret],
      ])
    : null;
  if (unsafe !== null) return E.left(unsafe);
  const user = await transport.command(['USER', identity.userName], signal);
  if (E.isLeft(user)) return user;
  if (!user.right.ok) {
    // The answer to a password that was sent along has to be read before anything else is said.
    const unheard = pipelining ? await transport.command(['PASS', identity.secret], signal) : user;
    return E.isLeft(unheard) ? unheard : answered('USER', user.right);
  }
  const pass = await transport.command(['PASS', identity.secret], signal);
  return E.isLeft(pass) ? pass : answered('PASS', pass.right);
};

const byApop = async ({ transport, identity, timestamp, hide, signal }: LoginParts): Promise<LoginResult> => {
  const digest = createHash('md5').update(timestamp).update(identity.secret, 'utf8').digest('hex');
  hide(digest);
  const reply = await transport.command(['APOP', identity.userName, digest], signal);
  return E.isLeft(reply) ? reply : answered('APOP', reply.right);
};

const conclude = (client: SaslClient, reply: Reply): LoginResult => {
  if (reply.ok && !client.serverIsProved()) return E.left({ _tag: 'ServerNotProved' });
  return E.right({ reply, command: 'AUTH', tokenError: client.tokenError() });
};

const bySasl = async (parts: LoginParts, mechanism: SaslMechanism): Promise<LoginResult> => {
  const { transport, hide, signal } = parts;
  const client = createSaslClient(mechanism, parts.identity);
  const encoded = (message: Buffer): string => {
    const text = message.toString('base64');
    if (text.length > 3) hide(text);
    return text;
  };
  let waiting: Buffer | null = client.initial;
  let line = `AUTH ${mechanism}`;
  if (waiting !== null) {
    const inline = `${line} ${waiting.length === 0 ? '=' : encoded(waiting)}`;
    if (inline.length <= maxCommandBytes) {
      line = inline;
      waiting = null;
    }
  }
  for (let round = 0; round < maxRounds; round += 1) {
    const step = await transport.exchange(line, signal);
    if (E.isLeft(step)) return step;
    if ('reply' in step.right) return conclude(client, step.right.reply);
    const answer: Buffer | null = waiting ?? client.respond(step.right.challenge);
    waiting = null;
    // RFC 5034 section 4: a single asterisk cancels the exchange.
    line = answer === null ? '*' : encoded(answer);
  }
  return E.left({ _tag: 'Malformed', first: Buffer.alloc(0) });
};

/** Logs in this way and tells what the server said. The password is sent exactly as it is, spaces included. */
export const logIn = (login: Login, parts: LoginParts): Promise<LoginResult> => {
  switch (login.by) {
    case 'userpass':
      return byUserPass(parts);
    case 'apop':
      return byApop(parts);
    case 'sasl':
      return bySasl(parts, login.mechanism);
  }
};
