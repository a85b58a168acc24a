import type { Failure } from '@mailroom/domain';
import {
  type Check,
  createSaslClient,
  type LoginIdentity,
  type RunningStep,
  type SaslClient,
  type SaslMechanism,
} from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Extensions } from './extensions.ts';
import type { Judge } from './judge.ts';
import { offeredBy } from './mechanism.ts';
import type { SmtpReply } from './reply.ts';
import { isLost, type Lost, type Send, type SmtpSession } from './session.ts';

/** More challenges than this make no login; SCRAM, the longest, has two. */
const maxChallenges = 6;

/** The last answer of the server; null when it did not keep to the mechanism. */
interface Ended {
  readonly _tag: 'Ended';
  readonly reply: SmtpReply | null;
}

const withoutReply: Ended = { _tag: 'Ended', reply: null };

/** AUTH with an initial response, then answers to challenges until the server accepts or refuses (RFC 4954). */
const exchange =
  (client: SaslClient, hide: (secret: string) => void) =>
  async (send: Send): Promise<Ended | Lost> => {
    const encode = (message: Buffer): string => {
      const text = message.toString('base64');
      hide(text);
      return text;
    };
    const initial = client.initial === null ? '' : ` ${encode(client.initial) || '='}`;
    let answer = await send(`AUTH ${client.mechanism}${initial}`);
    for (let round = 0; !isLost(answer) && answer.reply.code === 334; round += 1) {
      const challenge = Buffer.from(answer.reply.lines.join(''), 'base64');
      const response = round < maxChallenges ? client.respond(challenge) : null;
      if (response === null) {
        await send('*');
        return withoutReply;
      }
      answer = await send(encode(response));
    }
    return isLost(answer) ? answer : { _tag: 'Ended', reply: answer.reply };
  };

/** One try. Right only when the server said so in answer to our credentials. */
const tryToLogIn = async (
  check: Check,
  session: SmtpSession,
  judge: Judge,
  mechanism: SaslMechanism,
  identity: LoginIdentity,
  offered: Extensions,
): Promise<E.Either<Failure, void>> => {
  const { host, port } = check.target;
  const client = createSaslClient(mechanism, { ...identity, secret: check.credentials.secret.reveal(), host, port });
  const result = await session.converse(exchange(client, (text) => check.hide(text)));
  if (isLost(result)) return E.left(judge.lost('auth', result));
  const { reply } = result;
  if (reply === null || (reply.code === 235 && !client.serverIsProved())) {
    return check.fail('MalformedResponse', {}, { phase: 'auth' });
  }
  if (reply.code === 235) return E.right(undefined);
  const reason = client.tokenError();
  const explained = reason === null ? reply : { ...reply, lines: [...reply.lines, `(${reason})`] };
  return E.left(judge.refused('auth', 'AUTH', explained, { offered: offeredBy(offered) }));
};

/**
 * Logs in by the first of these mechanisms that the server turns out to know. A refused password is tried once and
 * never again.
 */
export const logIn = async (
  check: Check,
  step: RunningStep,
  session: SmtpSession,
  judge: Judge,
  mechanisms: readonly SaslMechanism[],
  identity: LoginIdentity,
  offered: Extensions,
): Promise<E.Either<Failure, void>> => {
  const [mechanism, ...others] = mechanisms;
  if (mechanism === undefined) return check.fail('AuthMechanismUnsupported', { offered: offeredBy(offered) });
  step.detail(mechanism);
  const result = await tryToLogIn(check, session, judge, mechanism, identity, offered);
  const isUnknown = E.isLeft(result) && result.left.kind === 'AuthMechanismUnsupported';
  return isUnknown && others.length > 0 ? logIn(check, step, session, judge, others, identity, offered) : result;
};
