import type { Failure } from '@mailroom/domain';
import {
  type Check,
  createSaslClient,
  type LineChannel,
  type LineResult,
  type LoginIdentity,
  type RunningStep,
  type SaslMechanism,
} from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { askCapabilities, type Capabilities } from './capabilities.ts';
import type { Judge } from './judge.ts';
import { type ImapMechanism, offeredBy } from './mechanism.ts';
import { type Completed, run } from './response.ts';

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** How an argument is written: quoted, or as a literal that the server has to ask for (RFC 9051 section 4.3). */
const argument = (text: string): { readonly inline: string; readonly literal: string | null } =>
  /^[\u0020-\u007e]*$/.test(text)
    ? { inline: `"${text.replace(/["\\]/g, '\\$&')}"`, literal: null }
    : { inline: `{${Buffer.byteLength(text, 'utf8')}}`, literal: text };

const byCommand = (
  channel: LineChannel,
  signal: AbortSignal,
  tag: string,
  userName: string,
  secret: string,
): Promise<Completed | LineResult> => {
  const [user, password] = [argument(userName), argument(secret)];
  if (user.literal === null) {
    return run(channel, signal, tag, `LOGIN ${user.inline} ${password.inline}`, () => password.literal);
  }
  const parts = [`${user.literal} ${password.inline}`, ...(password.literal === null ? [] : [password.literal])];
  return run(channel, signal, tag, `LOGIN ${user.inline}`, () => parts.shift() ?? null);
};

interface SaslLogin {
  readonly result: Completed | LineResult;
  readonly isProved: boolean;
  readonly tokenError: string | null;
}

const bySasl = async (
  check: Check,
  channel: LineChannel,
  signal: AbortSignal,
  tag: string,
  mechanism: SaslMechanism,
  identity: LoginIdentity,
  capabilities: Capabilities,
): Promise<SaslLogin> => {
  const { host, port } = check.target;
  const client = createSaslClient(mechanism, { ...identity, secret: check.credentials.secret.reveal(), host, port });
  const encode = (message: Buffer): string => {
    const text = base64(message);
    check.hide(text);
    return text;
  };
  // Without SASL-IR (RFC 4959) the first message waits for the first, empty challenge.
  let pending = client.initial;
  let initial = '';
  if (pending !== null && capabilities.has('SASL-IR')) {
    initial = ` ${encode(pending) || '='}`;
    pending = null;
  }
  const result = await run(channel, signal, tag, `AUTHENTICATE ${mechanism}${initial}`, (challenge) => {
    if (pending !== null) {
      const first = encode(pending);
      pending = null;
      return first;
    }
    const response = client.respond(Buffer.from(challenge, 'base64'));
    return response === null ? null : encode(response);
  });
  return { result, isProved: client.serverIsProved(), tokenError: client.tokenError() };
};

/** One try. Right: what the server can do for this user; only when it said OK to our credentials. */
const tryToLogIn = async (
  check: Check,
  channel: LineChannel,
  signal: AbortSignal,
  tag: string,
  judge: Judge,
  mechanism: ImapMechanism,
  identity: LoginIdentity,
  capabilities: Capabilities,
): Promise<E.Either<Failure, Capabilities>> => {
  const secret = check.credentials.secret.reveal();
  const login: SaslLogin =
    mechanism === 'LOGIN command'
      ? { result: await byCommand(channel, signal, tag, identity.userName, secret), isProved: true, tokenError: null }
      : await bySasl(check, channel, signal, tag, mechanism, identity, capabilities);
  const { result } = login;
  if (result._tag !== 'Completed') return E.left(judge.lost('auth', result));
  const { status, remarks } = result;
  if (status.status !== 'OK') {
    const reason = login.tokenError === null ? [] : [`(${login.tokenError})`];
    const command = mechanism === 'LOGIN command' ? 'LOGIN' : 'AUTHENTICATE';
    const offered = offeredBy(capabilities);
    return E.left(judge.refused('auth', command, status, [...remarks, ...reason], { offered }));
  }
  if (!login.isProved) return check.fail('MalformedResponse', {}, { phase: 'auth' });
  if (result.capabilities !== null) return E.right(new Set(result.capabilities));
  return askCapabilities(channel, signal, judge, 'auth', 'C3');
};

/**
 * Logs in by the first of these mechanisms that the server turns out to know. A refused password is tried once and
 * never again. Right: what the server can do for this user.
 */
export const logIn = async (
  check: Check,
  channel: LineChannel,
  step: RunningStep,
  judge: Judge,
  mechanisms: readonly ImapMechanism[],
  identity: LoginIdentity,
  capabilities: Capabilities,
): Promise<E.Either<Failure, Capabilities>> => {
  const [mechanism, ...others] = mechanisms;
  if (mechanism === undefined) return check.fail('AuthMechanismUnsupported', { offered: offeredBy(capabilities) });
  step.detail(mechanism);
  const tag = `L${others.length + 1}`;
  const result = await tryToLogIn(check, channel, step.signal, tag, judge, mechanism, identity, capabilities);
  const isUnknown = E.isLeft(result) && result.left.kind === 'AuthMechanismUnsupported';
  return isUnknown && others.length > 0 ? logIn(check, channel, step, judge, others, identity, capabilities) : result;
};
