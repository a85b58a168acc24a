import type { KindOfFailure } from './kind-of-failure.ts';

/** The real test message on its round trip, and the check itself. */
export const controlKinds = {
  TestMessageNotFound: {
    phase: 'find',
    disposition: 'uncertain',
    scope: 'mailbox',
    field: null,
    advice:
      'Sending and receiving work, but the test message did not arrive. Look for rules and spam filters, and check that both sides are the same mailbox.',
  },
  TestMessageInJunk: {
    phase: 'find',
    disposition: 'warning',
    scope: 'mailbox',
    field: null,
    advice:
      'The test message arrived in the junk folder. Have the address marked as safe, and check SPF, DKIM and DMARC of its domain.',
  },
  TestMessageDelayed: {
    phase: 'find',
    disposition: 'warning',
    scope: 'mailbox',
    field: null,
    advice:
      'The test message needed {minutes} minutes to arrive. Everything works; if this stays, ask the mail provider.',
  },
  TestMessageTakenByFetcher: {
    phase: 'find',
    disposition: 'uncertain',
    scope: 'mailbox',
    field: null,
    advice: 'Another program collected the test message first. Pause it, or test without a message.',
  },
  CleanupFailed: {
    phase: 'cleanup',
    disposition: 'warning',
    scope: 'mailbox',
    field: null,
    advice: 'The test message could not be removed. Please delete the message "{subject}" by hand.',
  },
  DeadlineExceeded: {
    phase: 'session',
    disposition: 'ours',
    scope: 'mailbox',
    field: null,
    advice:
      'The test did not finish within its time limit. Test again; if this stays, raise the time limit in the profile.',
  },
  Cancelled: {
    phase: 'session',
    disposition: 'ours',
    scope: 'mailbox',
    field: null,
    advice: 'The test was cancelled before it finished. Test again when you like.',
  },
  Unknown: {
    phase: 'session',
    disposition: 'uncertain',
    scope: 'mailbox',
    field: null,
    advice: 'The server gave an answer that is not known here. Pass what it said on to the mail provider.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
