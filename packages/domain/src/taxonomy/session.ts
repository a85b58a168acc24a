import type { KindOfFailure } from './kind-of-failure.ts';

/** Limits and faults of the server during a session. Most pass by themselves. */
export const sessionKinds = {
  TooManyLogins: {
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The server refuses more logins to this account for a while. Nothing to do: the test is repeated after a longer wait.',
    retryAfterSeconds: 900,
  },
  Throttled: {
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The server slows this installation down. Nothing to do: the test is repeated after the wait that it asks for.',
    retryAfterSeconds: 900,
  },
  LoginDelay: {
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice: 'The server wants more time between two logins to this mailbox. Nothing to do: the test is repeated.',
    retryAfterSeconds: 300,
  },
  ConnectionLimit: {
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'The account already has as many connections as the server allows. Close other mail programs, or lower the number of connections in the profile; the test is repeated.',
    retryAfterSeconds: 300,
  },
  MailboxInUse: {
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    advice:
      'Another program has this mailbox open at the moment. The test is repeated; if this stays, find the second program that collects its mail.',
    retryAfterSeconds: 60,
  },
  ServerTemporarilyUnavailable: {
    phase: 'session',
    disposition: 'transient',
    scope: 'profile',
    field: null,
    advice: 'The server {host} is not available at the moment. Nothing to do: the test is repeated.',
  },
  ServerBug: {
    phase: 'session',
    disposition: 'uncertain',
    scope: 'mailbox',
    field: null,
    advice: 'The server reports an internal fault. Pass what it said on to the mail provider.',
  },
  ClientBug: {
    phase: 'session',
    disposition: 'ours',
    scope: 'system',
    field: null,
    advice: 'The server did not understand what this program sent. That is a fault of the program: please report it.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
