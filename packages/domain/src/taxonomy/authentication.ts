import type { KindOfFailure } from './kind-of-failure.ts';

/** The login: what the server accepts at all, and what it says about this account. */
export const authenticationKinds = {
  PlaintextAuthRefused: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice: '{host} takes passwords only over an encrypted connection. Choose TLS or STARTTLS in the profile.',
  },
  AuthNotOffered: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'profile',
    field: 'port',
    advice: '{host} offers no login on port {port}. For sending use 587 or 465: port 25 is for mail between servers.',
  },
  AuthMechanismUnsupported: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'profile',
    field: 'authentication',
    advice:
      '{host} and this installation have no way to log in in common (the server offers: {offered}). Choose another authentication in the profile.',
  },
  InvalidCredentials: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice:
      'The server did not accept user name and password. Enter both again: the user name is often the whole address, and a pasted password may have a space at its end.',
  },
  AppPasswordRequired: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice:
      '{provider} wants an app password here, not the password of the account. Create one in the security settings of the account and enter it. {helpUrl}',
  },
  WebLoginRequired: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice:
      '{provider} stopped this login as unusual. Log in once in the browser and confirm that it was you, then test again.',
  },
  BasicAuthDisabled: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'authentication',
    advice:
      '{provider} takes no passwords from programs for this account. Connect it by OAuth, or have the administrator of the mail organization allow the login.',
  },
  ProtocolDisabledForAccount: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice:
      '{protocol} is switched off for this account. Switch it on in the web settings at {provider}, then test again.',
  },
  OAuthTokenRejected: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice:
      'The access that was granted is not valid for {protocol}. Connect the account again and accept every permission asked for.',
  },
  AccountLocked: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'userName',
    advice: 'The mail provider has locked this account. Unlock it there, or ask the provider, then test again.',
  },
  AccountDisabled: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'userName',
    advice: 'This account is switched off at the mail provider. Have its administrator switch it on, then test again.',
  },
  PasswordExpired: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'secret',
    advice: 'The password of the account has expired. Set a new one at the mail provider and enter it here.',
  },
  AuthorizationFailed: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'userName',
    advice:
      'The account has no access to the mailbox {mailbox}. Have the mail administrator grant it, and set in the profile how its account reaches other mailboxes.',
  },
  ConditionalAccessBlocked: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice:
      'A policy of the mail organization forbids logins from this installation. Its administrator has to make an exception.',
  },
  ContactAdministrator: {
    phase: 'auth',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice: 'The mail server asks you to contact its administrator about this account.',
  },
  AuthTemporarilyUnavailable: {
    phase: 'auth',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice: 'The server cannot check logins at the moment. Nothing to do: the test is repeated.',
  },
  AuthTimeout: {
    phase: 'auth',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The server did not answer the login in time. This says nothing about the password. Nothing to do: the test is repeated.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
