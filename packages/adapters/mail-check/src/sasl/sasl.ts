/** The mechanisms that a check can speak, in the spelling of the capability lists. */
export const saslMechanisms = ['SCRAM-SHA-256', 'CRAM-MD5', 'OAUTHBEARER', 'XOAUTH2', 'PLAIN', 'LOGIN'] as const;
export type SaslMechanism = (typeof saslMechanisms)[number];

/** Mechanisms that hand the secret itself to the server: never without TLS unless the deployment allows it. */
export const revealsSecret = (mechanism: SaslMechanism): boolean =>
  mechanism !== 'SCRAM-SHA-256' && mechanism !== 'CRAM-MD5';

export const needsToken = (mechanism: SaslMechanism): boolean => mechanism === 'OAUTHBEARER' || mechanism === 'XOAUTH2';

/** Mechanisms that can name whom to act for; with another one the account would act for itself, unnoticed. */
export const saysWhomToActFor = (mechanism: SaslMechanism): boolean =>
  mechanism !== 'CRAM-MD5' && mechanism !== 'LOGIN';

export interface SaslIdentity {
  readonly userName: string;
  /** Password, or access token for the token mechanisms. */
  readonly secret: string;
  /** Whom to act for; empty: the user. CRAM-MD5 and LOGIN cannot say it. */
  readonly authorizeAs?: string;
  readonly host: string;
  readonly port: number;
}

/** One login by one mechanism, from the client's side (RFC 4422). Messages are bytes; base64 is the protocol's matter. */
export interface SaslClient {
  readonly mechanism: SaslMechanism;
  /** Sent with the command or after the first empty challenge; null when the server speaks first. */
  readonly initial: Buffer | null;
  /** The answer to a challenge; null when the challenge makes no sense, so that the exchange must be cancelled. */
  readonly respond: (challenge: Buffer) => Buffer | null;
  /** False when the server should have proved that it knows the password and did not (SCRAM). */
  readonly serverIsProved: () => boolean;
  /** What a server said about a token that it rejected: `status` of its JSON (RFC 7628 section 3.2.2). */
  readonly tokenError: () => string | null;
}
