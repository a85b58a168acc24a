import type { Failure } from '@mailroom/domain';
import {
  type Check,
  createSaslClient,
  fillTemplate,
  type LineChannel,
  type LineResult,
  loginNameOf,
  type SaslMechanism,
} from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { askCapabilities, type Capabilities } from './capabilities.ts';
import type { Judge } from './judge.ts';
import type { ImapMechanism } from './mechanism.ts';
import { type Completed, run } from './response.ts';

/** A login template that names an authorization identity (RFC 4616) instead of a login name. */
const authorizationTemplate = /^authzid=(.+)$/;

interface Identity {
  readonly userName: string;
  readonly authorizeAs: string;
}

/**
 * Whom to log in as. A folder template opens the mailbox from the account's own session, so that needs no other name;
 * a login template is a login name, or `authzid={mailbox}` for an authorization identity.
 */
export const identityOf = (check: Check): E.Either<Failure, Identity> => {
  const { target, credentials } = check;
  const { userName } = credentials;
  if (credentials.ofProfile) {
    const authorization = authorizationTemplate.exec(target.loginTemplate ?? '')?.[1];
    if (authorization !== undefined) {
      return E.right({ userName, authorizeAs: fillTemplate(authorization, target, credentials) });
    }
    if (target.loginTemplate === null && target.folderTemplate !== null) return E.right({ userName, authorizeAs: '' });
  }
  const name = loginNameOf(check);
  return E.isLeft(name) ? name : E.right({ userName: name.right, authorizeAs: '' });
};

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** How an argument is written: quoted, or as a literal that the server has to ask for (RFC 9051 section 4.3). */
const argument = (text: string): { readonly inline: string; readonly literal: string | null } =>
  /^[\u0020-\u007e]*$/.test(text)
    ? { inline: `"${text.replace(/["\\]/g, '\\$&')}"`, literal: null }
    : { inline: `{${Buffer.byteLength(text, 'utf8')}}`, literal: text };

const byCommand = (
  channel: LineChannel,
  signal: AbortSignal,
  userName: string,
  secret: string,
): Promise<Completed | LineResult> => {
  const [user, password] = [argument(userName), argument(secret)];
  if (user.literal === null) {
    return run(channel, signal, 'L1', `LOGIN ${user.inline} ${password.inline}`, () => password.literal);
  }
  const parts = [`${user.literal} ${password.inline}`, ...(password.literal === null ? [] : [password.literal])];
  return run(channel, signal, 'L1', `LOGIN ${user.inline}`, () => parts.shift() ?? null);
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
  mechanism: SaslMechanism,
  identity: Identity,
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
  const result = await run(channel, signal, 'L1', `AUTHENTICATE ${mechanism}${initial}`, (challenge) => {
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

/** Logs in. Right: what the server can do for this user; only when it said OK to our credentials. */
export const logIn = async (
  check: Check,
  channel: LineChannel,
  signal: AbortSignal,
  judge: Judge,
  mechanism: ImapMechanism,
  identity: Identity,
  capabilities: Capabilities,
): Promise<E.Either<Failure, Capabilities>> => {
  const secret = check.credentials.secret.reveal();
  const login: SaslLogin =
    mechanism === 'LOGIN command'
      ? { result: await byCommand(channel, signal, identity.userName, secret), isProved: true, tokenError: null }
      : await bySasl(check, channel, signal, mechanism, identity, capabilities);
  const { result } = login;
  if (result._tag !== 'Completed') return E.left(judge.lost('auth', result));
  const { status, remarks } = result;
  if (status.status !== 'OK') {
    const reason = login.tokenError === null ? [] : [`(${login.tokenError})`];
    const command = mechanism === 'LOGIN command' ? 'LOGIN' : 'AUTHENTICATE';
    return E.left(judge.refused('auth', command, status, [...remarks, ...reason]));
  }
  if (!login.isProved) return check.fail('MalformedResponse', {}, { phase: 'auth' });
  if (result.capabilities !== null) return E.right(new Set(result.capabilities));
  return askCapabilities(channel, signal, judge, 'auth', 'C3');
};
