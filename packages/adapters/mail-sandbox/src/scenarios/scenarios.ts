import { authenticationScenarios } from './authentication-scenarios.ts';
import { behaviourScenarios } from './behaviour-scenarios.ts';
import { connectionScenarios } from './connection-scenarios.ts';
import { mailboxScenarios, roundTripScenarios } from './mailbox-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { tlsScenarios } from './tls-scenarios.ts';

const protocols = ['smtp', 'imap', 'pop3'] as const;

/** Every scenario: for each kind of failure that a mail server can cause and each protocol, one or more. */
export const scenarios: readonly Scenario[] = [
  ...protocols.flatMap(connectionScenarios),
  ...protocols.flatMap(tlsScenarios),
  ...protocols.flatMap(authenticationScenarios),
  ...behaviourScenarios,
  ...mailboxScenarios,
  ...roundTripScenarios,
];
