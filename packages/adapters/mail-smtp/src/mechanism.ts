import type { Failure } from '@mailroom/domain';
import { type Check, type LoginIdentity, mechanismsFor, revealsSecret, type SaslMechanism } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Extensions } from './extensions.ts';

/** Names of mechanisms as a server wrote them: only what looks like a name may be shown. */
export const offeredBy = ({ mechanisms }: Extensions): string =>
  [...mechanisms]
    .filter((name) => /^[A-Z0-9_-]{1,20}$/.test(name))
    .slice(0, 12)
    .join(', ') || 'none that is known';

/**
 * The mechanisms to log in with, the strongest first, of those that the server offers over this channel; a further one
 * only where the server turns out not to know the one before. Never one that shows the secret over an unencrypted
 * connection, unless the deployment allows that.
 */
export const chooseMechanisms = (
  check: Check,
  { authorizeAs }: LoginIdentity,
  offered: Extensions,
  channel: { readonly secured: boolean; readonly plainTextAllowed: boolean },
): E.Either<Failure, readonly SaslMechanism[]> => {
  if (offered.mechanisms.size === 0) {
    return check.fail(!channel.secured && offered.startTls ? 'PlaintextAuthRefused' : 'AuthNotOffered');
  }
  const { mechanism } = check.target;
  const wanted = mechanismsFor({ mechanism, kind: check.credentials.kind, actsForAnother: authorizeAs !== '' });
  const common = wanted.filter((one) => offered.mechanisms.has(one));
  if (common.length === 0) return check.fail('AuthMechanismUnsupported', { offered: offeredBy(offered) });
  const safe = common.filter((one) => channel.secured || channel.plainTextAllowed || !revealsSecret(one));
  return safe.length === 0
    ? check.fail('ConnectionNotEncrypted', {}, { phase: 'auth', disposition: 'permanent' })
    : E.right(safe);
};
