import { type LoginIdentity, loginIdentityOf } from '@mailroom/mail-check';
import type { Failure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { chooseLogin, type Login } from './login/choose.ts';
import { logIn, type LoginParts } from './login/log-in.ts';
import { brokenOff, loginRefused, type Session, type Stage } from './session.ts';

/** The ways to try, or why there is none. */
const waysToLogIn = (session: Session, { authorizeAs }: LoginIdentity): E.Either<Failure, readonly Login[]> => {
  const { check, connector, opened, capabilities, timestamp } = session;
  const choice = chooseLogin({
    mechanism: check.target.mechanism,
    kind: check.credentials.kind,
    actsForAnother: authorizeAs !== '',
    capabilities,
    apop: timestamp !== '',
    mayReveal: opened.secured || connector.policy.allowBasicAuthenticationUnencrypted,
  });
  switch (choice._tag) {
    case 'Use':
      return E.right(choice.logins);
    case 'NothingOffered':
      // A server that hides the login until the connection is encrypted says so by offering STLS.
      return check.fail(!opened.secured && capabilities?.stls === true ? 'PlaintextAuthRefused' : 'AuthNotOffered');
    case 'NothingInCommon':
      return check.fail('AuthMechanismUnsupported', { offered: choice.offered.join(', ') });
    case 'OnlyInClear':
      return check.fail('ConnectionNotEncrypted', {}, { disposition: 'permanent', phase: 'auth' });
  }
};

const nameOf = (login: Login): string =>
  login.by === 'sasl' ? login.mechanism : login.by === 'apop' ? 'APOP' : 'USER and PASS';

/** One way. Null: the server does not know it, so the next may be tried; the password has not been judged. */
const attempt = async (
  session: Session,
  parts: LoginParts,
  login: Login,
): Promise<E.Either<Failure, boolean> | null> => {
  const { check } = session;
  const result = await logIn(login, parts);
  if (E.isLeft(result)) {
    if (result.left._tag === 'ServerNotProved') return check.fail('MalformedResponse', {}, { phase: 'auth' });
    return E.left(brokenOff(session, 'auth', result.left));
  }
  if (result.right.reply.ok) return E.right(true);
  const failure = loginRefused(session, result.right);
  return failure.kind === 'AuthMechanismUnsupported' ? null : E.left(failure);
};

/** Step `auth`: logs in, or says whose fault it is. A refused password is tried once and never again. */
export const authenticate = (session: Session): Stage => {
  const { check, transport, timestamp } = session;
  return check.step('auth', {
    limitMs: session.limits.loginMs,
    onTimeout: 'AuthTimeout',
    run: async (step) => {
      const identity = loginIdentityOf(check, false);
      if (E.isLeft(identity)) return identity;
      const ways = waysToLogIn(session, identity.right);
      if (E.isLeft(ways)) return ways;
      const { host, port } = check.target;
      const parts: LoginParts = {
        transport,
        identity: { ...identity.right, secret: check.credentials.secret.reveal(), host, port },
        timestamp,
        pipelining: session.capabilities?.pipelining === true,
        hide: check.hide,
        signal: step.signal,
      };
      for (const login of ways.right) {
        const outcome = await attempt(session, parts, login);
        if (outcome === null) continue;
        if (E.isLeft(outcome)) return outcome;
        step.detail(`logged in by ${nameOf(login)}`);
        return E.right(session);
      }
      const offered = [...(session.capabilities?.sasl ?? []), ...(session.capabilities?.user === true ? ['USER'] : [])];
      return offered.length === 0
        ? check.fail('AuthNotOffered')
        : check.fail('AuthMechanismUnsupported', { offered: offered.join(', ') });
    },
  });
};
