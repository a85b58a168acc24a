import type { KindOfFailure } from './kind-of-failure.ts';

/** Decided before anything is sent: the settings, the deployment's policy, the stored secret, our own limits. */
export const policyKinds = {
  InvalidConfiguration: {
    phase: 'policy',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice: 'The {setting} cannot be used as it is: {expected}. Correct it and test again.',
  },
  TargetNotAllowed: {
    phase: 'policy',
    disposition: 'ours',
    scope: 'profile',
    field: 'host',
    advice:
      'This installation does not allow connections to {host} on port {port}. Ask its operator to allow the address, or correct the host.',
  },
  SecretUnavailable: {
    phase: 'secret',
    disposition: 'ours',
    scope: 'mailbox',
    field: 'secret',
    advice: 'The stored password could not be read. Enter it again; if that does not help, tell the operator.',
  },
  OAuthRefreshFailed: {
    phase: 'oauth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice: 'The permission to use this account was withdrawn or has run out. Connect the account again.',
  },
  ChecksRateLimited: {
    phase: 'policy',
    disposition: 'ours',
    scope: 'mailbox',
    field: null,
    advice: 'Too many tests are waiting or were made in a short time. Try again in a few minutes.',
    retryAfterSeconds: 60,
  },
  ConnectionNotEncrypted: {
    phase: 'policy',
    disposition: 'warning',
    scope: 'profile',
    field: 'tls',
    advice:
      'The connection to {host} is not encrypted: everybody on the way can read the password and the mail. Choose TLS or STARTTLS.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
