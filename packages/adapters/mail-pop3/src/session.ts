import type { Failure, Phase } from '@mailroom/domain';
import {
  type Check,
  classifyRefusal,
  type Connector,
  type OpenedConnection,
  type Provider,
  recogniseProvider,
} from '@mailroom/mail-check';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Capabilities } from './capabilities.ts';
import type { LoginAnswer } from './login/log-in.ts';
import type { Reply } from './wire/reply.ts';
import type { Broken, Transport, UnsafeArgument } from './wire/transport.ts';

/** Limits of the steps of a POP3 check, in milliseconds. Servers delay the refusal of a login on purpose. */
export interface Pop3Limits {
  readonly greetingMs: number;
  readonly commandMs: number;
  readonly loginMs: number;
}

/** Limits that suit servers anywhere on the Internet. */
export const defaultPop3Limits: Pop3Limits = { greetingMs: 15_000, commandMs: 10_000, loginMs: 25_000 };

/** What a check has learned so far; each step returns the next one. */
export interface Session {
  readonly check: Check;
  readonly connector: Connector;
  readonly limits: Pop3Limits;
  readonly providers: readonly Provider[];
  readonly opened: OpenedConnection;
  readonly transport: Transport;
  readonly greeting: string;
  readonly timestamp: string;
  /** Null: the server does not know CAPA. */
  readonly capabilities: Capabilities | null;
}

/** Whose server it is, as far as it shows; links to its own help pages may then be shown. */
const providerOf = ({ check, providers, greeting, capabilities }: Session): Provider | null => {
  const provider = recogniseProvider(providers, {
    host: check.target.host,
    userName: check.credentials.userName,
    greeting,
    capabilities: capabilities?.sasl ?? [],
  });
  if (provider !== null) check.trustLinks(provider.links);
  return provider;
};

/** The failure that an -ERR means. */
export const refused = (
  session: Session,
  phase: Phase,
  command: string,
  reply: Pick<Reply, 'code' | 'text'>,
): Failure => {
  const { check, opened } = session;
  const { credentials, target } = check;
  const verdict = classifyRefusal(
    { protocol: 'pop3', phase, command, code: reply.code, reply: null, status: null, text: reply.text },
    {
      provider: providerOf(session),
      credentials: credentials.kind,
      secured: opened.secured,
      ownWords: [credentials.userName, target.address],
    },
  );
  return check.failure(verdict.kind, verdict.params, verdict.overrides);
};

/** The failure of a login that was answered with no. */
export const loginRefused = (session: Session, { reply, command, tokenError }: LoginAnswer): Failure => {
  const failure = refused(session, 'auth', command, reply);
  const seconds = session.capabilities?.loginDelaySeconds ?? null;
  if (failure.kind === 'LoginDelay' && seconds !== null && seconds > 0) {
    return { ...failure, retryAfterSeconds: Math.max(failure.retryAfterSeconds ?? 0, seconds) };
  }
  if (tokenError !== null && failure.kind === 'InvalidCredentials') return session.check.failure('OAuthTokenRejected');
  return failure;
};

/** The failure that a broken conversation means. Foreign bytes are never shown. */
export const brokenOff = (
  { check }: Pick<Session, 'check'>,
  phase: Phase,
  broken: Broken | UnsafeArgument,
): Failure => {
  if (broken._tag === 'UnsafeArgument') {
    return check.failure(
      'InvalidConfiguration',
      { setting: 'user name or password', expected: 'it contains a line break or a null character' },
      { phase },
    );
  }
  if (broken._tag === 'Malformed') return check.failure('MalformedResponse', {}, { phase });
  return check.failure(broken.why === 'reset' ? 'ConnectionReset' : 'ConnectionClosedByServer', {}, { phase });
};

export type Stage<T = Session> = Promise<Either<Failure, T>>;
