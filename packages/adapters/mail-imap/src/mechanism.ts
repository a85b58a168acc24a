import type { Failure } from '@mailroom/domain';
import { type Check, type LoginIdentity, mechanismsFor, revealsSecret, type SaslMechanism } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Capabilities } from './capabilities.ts';

/** A SASL mechanism, or IMAP's own command LOGIN. */
export type ImapMechanism = SaslMechanism | 'LOGIN command';

const wanted = ({ target, credentials }: Check, { userName, authorizeAs }: LoginIdentity): readonly ImapMechanism[] => {
  const { mechanism } = target;
  const { kind } = credentials;
  const actsForAnother = authorizeAs !== '';
  const bySasl = mechanismsFor({ mechanism, kind, actsForAnother });
  const takesCommand =
    mechanism === 'auto' || mechanism === 'basic' || mechanism === 'login' || mechanism === 'userpass';
  if (!takesCommand || kind === 'token' || actsForAnother) return bySasl;
  // Exchange takes DOMAIN\user and user/mailbox with the command only.
  return /[\\/]/.test(userName) ? ['LOGIN command', ...bySasl] : [...bySasl, 'LOGIN command'];
};

const isOffered = (mechanism: ImapMechanism, capabilities: Capabilities): boolean =>
  mechanism === 'LOGIN command' ? !capabilities.has('LOGINDISABLED') : capabilities.has(`AUTH=${mechanism}`);

const showsSecret = (mechanism: ImapMechanism): boolean => mechanism === 'LOGIN command' || revealsSecret(mechanism);

/** What the server offers, as people read it: only what looks like the name of a mechanism may be shown. */
export const offeredBy = (capabilities: Capabilities): string =>
  [...capabilities]
    .filter((one) => /^AUTH=[A-Z0-9_-]{1,20}$/.test(one))
    .map((one) => one.slice('AUTH='.length))
    .concat(capabilities.has('LOGINDISABLED') ? [] : ['LOGIN command'])
    .slice(0, 12)
    .join(', ') || 'none';

/**
 * The mechanisms to log in with, the strongest first, of those that the server offers over this channel; a further one
 * only where the server turns out not to know the one before. Never one that shows the secret over an unencrypted
 * connection, unless the deployment allows that.
 */
export const chooseMechanisms = (
  check: Check,
  identity: LoginIdentity,
  capabilities: Capabilities,
  channel: { readonly secured: boolean; readonly plainTextAllowed: boolean },
): E.Either<Failure, readonly ImapMechanism[]> => {
  const common = wanted(check, identity).filter((mechanism) => isOffered(mechanism, capabilities));
  if (common.length === 0) {
    if (!channel.secured && capabilities.has('LOGINDISABLED')) return check.fail('PlaintextAuthRefused');
    return check.fail('AuthMechanismUnsupported', { offered: offeredBy(capabilities) });
  }
  const safe = common.filter((one) => channel.secured || channel.plainTextAllowed || !showsSecret(one));
  return safe.length === 0
    ? check.fail('ConnectionNotEncrypted', {}, { phase: 'auth', disposition: 'permanent' })
    : E.right(safe);
};
