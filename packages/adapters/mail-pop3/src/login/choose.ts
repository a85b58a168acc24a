import { mechanismsFor, revealsSecret, type SaslMechanism, saslMechanisms } from '@mailroom/mail-check';
import type { Mechanism, ProbeCredentials } from '@mailroom/domain';
import type { Capabilities } from '../capabilities.ts';

/** A way to log in to a POP3 server. */
export type Login =
  { readonly by: 'sasl'; readonly mechanism: SaslMechanism } | { readonly by: 'apop' } | { readonly by: 'userpass' };

export type Choice =
  /** To be tried in this order; a further one only when the server does not know the one before. */
  | { readonly _tag: 'Use'; readonly logins: readonly Login[] }
  /** The server offers nothing that fits; what it offers. */
  | { readonly _tag: 'NothingInCommon'; readonly offered: readonly string[] }
  /** The server offers no login at all. */
  | { readonly _tag: 'NothingOffered' }
  /** What is offered would send the secret in clear. */
  | { readonly _tag: 'OnlyInClear' };

export interface ChoiceInput {
  readonly mechanism: Mechanism;
  readonly kind: ProbeCredentials['kind'];
  /** Whether the account is to act for somebody else, which not every way can say. */
  readonly actsForAnother: boolean;
  /** Null: the server does not know CAPA. */
  readonly capabilities: Capabilities | null;
  /** Whether the greeting carries the timestamp that APOP needs. */
  readonly apop: boolean;
  /** Whether the secret itself may be sent: the connection is encrypted, or the deployment allows it in clear. */
  readonly mayReveal: boolean;
}

const sasl = (mechanism: SaslMechanism): Login => ({ by: 'sasl', mechanism });

const reveals = (login: Login): boolean =>
  login.by === 'userpass' || (login.by === 'sasl' && revealsSecret(login.mechanism));

/** Everything offered, the strongest first. */
const offeredLogins = ({ capabilities, apop, mayReveal }: ChoiceInput): readonly Login[] => {
  const known = saslMechanisms.filter((mechanism) => capabilities?.sasl.includes(mechanism)).map(sasl);
  const challenges = known.filter((login) => !reveals(login));
  const revealing = known.filter(reveals);
  // USER is assumed where nothing else is known: not every server that takes it lists it.
  const userpass: readonly Login[] =
    capabilities === null || capabilities.user || (known.length === 0 && mayReveal) ? [{ by: 'userpass' }] : [];
  const digest: readonly Login[] = apop ? [{ by: 'apop' }] : [];
  // Many servers print the timestamp for accounts whose password they keep hashed, which APOP cannot use. So where
  // the connection protects the password it comes last, and before plain text where it does not.
  return mayReveal
    ? [...challenges, ...revealing, ...userpass, ...digest]
    : [...challenges, ...digest, ...revealing, ...userpass];
};

const nameOf = (login: Login): string =>
  login.by === 'sasl' ? login.mechanism : login.by === 'apop' ? 'APOP' : 'USER/PASS';

const wanted = (input: ChoiceInput): ((login: Login) => boolean) => {
  const { mechanism, kind, actsForAnother } = input;
  const bySasl = mechanismsFor(input);
  return (login) => {
    if (login.by === 'sasl') return bySasl.includes(login.mechanism);
    if (kind === 'token' || actsForAnother) return false;
    return mechanism === 'auto' || mechanism === login.by || (mechanism === 'basic' && login.by === 'userpass');
  };
};

/** How to log in: what was asked for, or the strongest offered; a secret is never sent in clear unless allowed. */
export const chooseLogin = (input: ChoiceInput): Choice => {
  const offered = offeredLogins(input);
  if (offered.length === 0) return { _tag: 'NothingOffered' };
  const fitting = offered.filter(wanted(input));
  if (fitting.length === 0) return { _tag: 'NothingInCommon', offered: offered.map(nameOf) };
  const safe = fitting.filter((login) => input.mayReveal || !reveals(login));
  return safe.length === 0 ? { _tag: 'OnlyInClear' } : { _tag: 'Use', logins: safe };
};
