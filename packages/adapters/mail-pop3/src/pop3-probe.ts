import type { ProtocolProbe, StepName } from '@mailroom/domain';
import { type CheckBody, type Connector, createProbe, knownProviders, type Provider } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { authenticate } from './authenticate.ts';
import { findTestMessage } from './find-test-message.ts';
import { begin, greet, learnCapabilities, startTls } from './greet.ts';
import { lookInside, openMaildrop, quit } from './look.ts';
import { defaultPop3Limits, type Pop3Limits } from './session.ts';

/** What the probe stands on; only the connector has no default. */
export interface Pop3ProbeParts {
  readonly connector: Connector;
  /** Providers whose words are known; own ones go in front. Default: `knownProviders`. */
  readonly providers?: readonly Provider[];
  readonly limits?: Partial<Pop3Limits>;
  /** Deadline where the target sets none, in milliseconds. */
  readonly deadlineMs?: number;
}

const steps: readonly StepName[] = [
  'policy',
  'dns',
  'connect',
  'tls',
  'greeting',
  'capability',
  'starttls',
  'auth',
  'select',
  'list',
  'find',
  'cleanup',
  'quit',
];

/**
 * Checks POP3 mailboxes: connects, encrypts, logs in, opens the maildrop, sees that messages have unique ids and can
 * be read, and leaves it as it was. Never rejects; settles within its deadline.
 */
export const pop3Probe = (parts: Pop3ProbeParts): ProtocolProbe<'pop3'> => {
  const { connector, providers = knownProviders } = parts;
  const limits = { ...defaultPop3Limits, ...parts.limits };

  const body: CheckBody = async (check) => {
    const opened = await connector.open(check);
    if (E.isLeft(opened)) return opened;
    const greeted = await greet(begin({ check, connector, limits, providers, opened: opened.right }));
    if (E.isLeft(greeted)) return greeted;
    const capable = await learnCapabilities(greeted.right);
    if (E.isLeft(capable)) return capable;
    const secured = check.target.tls === 'starttls' ? await startTls(capable.right) : capable;
    if (E.isLeft(secured)) return secured;
    const session = await authenticate(secured.right);
    if (E.isLeft(session)) return session;
    const count = await openMaildrop(session.right);
    if (E.isLeft(count)) return count;
    const seen = await lookInside(session.right, count.right);
    if (E.isLeft(seen)) return seen;
    if (check.testMessage !== null) {
      const found = await findTestMessage(session.right, count.right, check.testMessage);
      if (E.isLeft(found)) return found;
    }
    return quit(session.right);
  };

  return createProbe({
    protocol: 'pop3',
    steps: ({ tls }, { testMessage }) =>
      steps
        .filter((step) => (step !== 'tls' && step !== 'starttls') || step === tls)
        .filter((step) => (step !== 'find' && step !== 'cleanup') || testMessage !== undefined),
    body,
    ...(parts.deadlineMs === undefined ? {} : { deadlineMs: parts.deadlineMs }),
  });
};
