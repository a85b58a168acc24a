import type { Failure } from '@mailroom/domain';
import { type Check, needsToken, revealsSecret, type SaslMechanism, saslMechanisms } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Capabilities } from './capabilities.ts';

/** A SASL mechanism, or IMAP's own command LOGIN. */
export type ImapMechanism = SaslMechanism | 'LOGIN command';

const wanted = ({ target, credentials }: Check): readonly ImapMechanism[] => {
  const token = credentials.kind === 'token';
  switch (target.mechanism) {
    case 'auto':
      // Exchange takes DOMAIN\user and user/mailbox with the command only.
      if (!token && /[\\/]/.test(credentials.userName)) return ['LOGIN command', ...saslMechanisms];
      return [
        ...saslMechanisms.filter((one) => needsToken(one) === token),
        ...(token ? [] : ['LOGIN command' as const]),
      ];
    case 'login':
      return ['LOGIN', 'LOGIN command'];
    case 'userpass':
      return ['LOGIN command'];
    default:
      return saslMechanisms.filter((one) => one.toLowerCase() === target.mechanism);
  }
};

const isOffered = (mechanism: ImapMechanism, capabilities: Capabilities): boolean =>
  mechanism === 'LOGIN command' ? !capabilities.has('LOGINDISABLED') : capabilities.has(`AUTH=${mechanism}`);

const showsSecret = (mechanism: ImapMechanism): boolean => mechanism === 'LOGIN command' || revealsSecret(mechanism);

const listed = (capabilities: Capabilities): string =>
  [...capabilities]
    .filter((one) => /^AUTH=[A-Z0-9_-]{1,20}$/.test(one))
    .map((one) => one.slice('AUTH='.length))
    .concat(capabilities.has('LOGINDISABLED') ? [] : ['LOGIN command'])
    .slice(0, 12)
    .join(', ') || 'none';

/**
 * The mechanism to log in with: the one asked for, or the strongest that the server offers over this channel. Never one
 * that shows the secret over an unencrypted connection, unless the deployment allows that.
 */
export const chooseMechanism = (
  check: Check,
  capabilities: Capabilities,
  channel: { readonly secured: boolean; readonly plainTextAllowed: boolean },
): E.Either<Failure, ImapMechanism> => {
  const common = wanted(check).filter((mechanism) => isOffered(mechanism, capabilities));
  if (common.length === 0) {
    if (!channel.secured && capabilities.has('LOGINDISABLED')) return check.fail('PlaintextAuthRefused');
    return check.fail('AuthMechanismUnsupported', { offered: listed(capabilities) });
  }
  const [strongest] = common.filter((one) => channel.secured || channel.plainTextAllowed || !showsSecret(one));
  if (strongest === undefined) {
    return check.fail('ConnectionNotEncrypted', {}, { phase: 'auth', disposition: 'permanent' });
  }
  return E.right(strongest);
};
