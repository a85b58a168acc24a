import type { Failure, Mechanism } from '@mailroom/domain';
import { type Check, needsToken, revealsSecret, type SaslMechanism, saslMechanisms } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Extensions } from './extensions.ts';

const named = (mechanism: Mechanism): SaslMechanism | undefined =>
  saslMechanisms.find((one) => one.toLowerCase() === mechanism);

const wanted = ({ target, credentials }: Check): readonly SaslMechanism[] => {
  const token = credentials.kind === 'token';
  if (target.mechanism === 'auto') return saslMechanisms.filter((mechanism) => needsToken(mechanism) === token);
  const one = named(target.mechanism);
  return one === undefined ? [] : [one];
};

/** Names of mechanisms as a server wrote them: only what looks like a name may be shown. */
const listed = (mechanisms: ReadonlySet<string>): string =>
  [...mechanisms]
    .filter((name) => /^[A-Z0-9_-]{1,20}$/.test(name))
    .slice(0, 12)
    .join(', ') || 'none that is known';

/**
 * The mechanism to log in with: the one asked for, or the strongest that the server offers over this channel. Never one
 * that shows the secret over an unencrypted connection, unless the deployment allows that.
 */
export const chooseMechanism = (
  check: Check,
  offered: Extensions,
  channel: { readonly secured: boolean; readonly plainTextAllowed: boolean },
): E.Either<Failure, SaslMechanism> => {
  if (offered.mechanisms.size === 0) {
    return check.fail(!channel.secured && offered.startTls ? 'PlaintextAuthRefused' : 'AuthNotOffered');
  }
  const common = wanted(check).filter((mechanism) => offered.mechanisms.has(mechanism));
  if (common.length === 0) return check.fail('AuthMechanismUnsupported', { offered: listed(offered.mechanisms) });
  const [strongest] = common.filter((one) => channel.secured || channel.plainTextAllowed || !revealsSecret(one));
  if (strongest === undefined) {
    return check.fail('ConnectionNotEncrypted', {}, { phase: 'auth', disposition: 'permanent' });
  }
  return E.right(strongest);
};
