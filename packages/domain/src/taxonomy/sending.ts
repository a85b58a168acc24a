import type { KindOfFailure } from './kind-of-failure.ts';

/** The permission to send, asked for without sending, and what a real message may meet. */
export const sendingKinds = {
  SenderNotOwned: {
    phase: 'mailFrom',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'address',
    advice:
      'The login works, but it may not send as {address}. Add the address to the account at the mail provider, or log in with its own account.',
  },
  SendAsDenied: {
    phase: 'mailFrom',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'address',
    advice: 'The account lacks the right "send as" for {address}. Have the mail administrator grant it.',
  },
  SenderRewritten: {
    phase: 'find',
    disposition: 'warning',
    scope: 'mailbox',
    field: 'address',
    advice:
      'The provider replaces the sender {address} by another address. Set it up as an additional sender there if people should see it.',
  },
  SenderRejected: {
    phase: 'mailFrom',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'address',
    advice:
      'The server does not accept {address} as sender. Check the address and its domain, then ask the mail provider.',
  },
  RelayDenied: {
    phase: 'rcptTo',
    disposition: 'permanent',
    scope: 'profile',
    field: 'port',
    advice:
      '{host} will not pass mail on for this login. Use the port for sending with a login (587 or 465), or the right server.',
  },
  AuthRequiredToSend: {
    phase: 'mailFrom',
    disposition: 'permanent',
    scope: 'profile',
    field: 'authentication',
    advice: '{host} wants a login before it takes mail. Set one in the profile or the mailbox.',
  },
  RecipientRejected: {
    phase: 'rcptTo',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'address',
    advice:
      'The server refuses mail to {address}, the address that the test wrote to. Check that the mailbox exists there.',
  },
  Greylisted: {
    phase: 'rcptTo',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The server wants a second try after a while (greylisting). The test is repeated; servers for sending do not do this, so check the port: 587 or 465.',
    retryAfterSeconds: 300,
  },
  MessageTooLarge: {
    phase: 'mailFrom',
    disposition: 'permanent',
    scope: 'profile',
    field: null,
    advice: '{host} takes messages of up to {limit} only. Send smaller ones, or ask the mail provider for more.',
  },
  SendQuotaExceeded: {
    phase: 'mailFrom',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The account has sent as much as the provider allows for now. Sending works again later, at the latest after a day.',
    retryAfterSeconds: 3600,
  },
  ReputationBlocked: {
    phase: 'rcptTo',
    disposition: 'permanent',
    scope: 'profile',
    field: null,
    advice:
      '{host} refuses mail because of the reputation of the sender or of this installation. Check SPF, DKIM and DMARC of the domain and the block lists.',
  },
  MailboxFullRemote: {
    phase: 'rcptTo',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'address',
    advice: 'The mailbox that the test wrote to is full. Delete old messages there, or ask for more space.',
  },
  ContentRejected: {
    phase: 'data',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice:
      'The server refused the test message because of its content. The login works; ask the mail provider what its filter objects to.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
