import type { Mechanism, ProbeCredentials } from '@mailroom/domain';
import { needsToken, revealsSecret, type SaslMechanism, saslMechanisms, saysWhomToActFor } from './sasl.ts';

/** What decides which mechanisms may be used. */
export interface LoginChoice {
  readonly mechanism: Mechanism;
  readonly kind: ProbeCredentials['kind'];
  /** Whether the account is to act for somebody else, which not every mechanism can say. */
  readonly actsForAnother: boolean;
}

/**
 * The SASL mechanisms that fit what was asked for, the strongest first: `auto` takes all that fit the credentials,
 * `basic` those that hand over name and password as they are.
 */
export const mechanismsFor = ({ mechanism, kind, actsForAnother }: LoginChoice): readonly SaslMechanism[] =>
  saslMechanisms.filter((one) => {
    if (needsToken(one) !== (kind === 'token') || (actsForAnother && !saysWhomToActFor(one))) return false;
    if (mechanism === 'auto') return true;
    return mechanism === 'basic' ? revealsSecret(one) : one.toLowerCase() === mechanism;
  });
