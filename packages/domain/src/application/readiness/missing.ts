import type { MailChannel } from '../../values/index.ts';
import type { MissingFacts } from './facts.ts';
import { type Finding, findingText } from './finding.ts';
import { preflight, testedChannels } from './preflight.ts';

const capitalised: Readonly<Record<MailChannel, string>> = { incoming: 'Incoming', outgoing: 'Outgoing' };

const textOf = (direction: MailChannel, facts: MissingFacts): Finding['text'] | null => {
  const { status, enabled, paused, advice: found, nextAttemptAt: at } = facts.channels[direction];
  const Direction = capitalised[direction];
  const advice = found ?? 'Look at the steps of the test.';
  if (facts.testing.includes(direction)) return findingText('TestRunning', { direction });
  if (paused) return findingText('Paused', { Direction, advice });
  if (status === 'failure' && at !== null) return findingText('RetryWaiting', { Direction, at, advice });
  if (status === 'failure') return findingText('TestFailed', { direction, advice });
  if (status === 'notRun') return findingText('TestMissing', { Direction });
  return enabled ? null : findingText('EnablingMissing', { Direction });
};

/**
 * What is missing before this mailbox works, the next action first; nothing when it works. What preflight finds comes
 * before any test, since a test could not be tried; a channel that is stopped by it is not listed a second time.
 */
export const missing = (facts: MissingFacts): readonly Finding[] => {
  const findings = preflight(facts);
  const isStopped = (channel: MailChannel): boolean =>
    findings.some(({ severity, channel: about }) => severity === 'error' && (about ?? channel) === channel);

  const ofTests = testedChannels(facts).flatMap((channel): readonly Finding[] => {
    const text = isStopped(channel) ? null : textOf(channel, facts);
    if (text === null) return [];
    return [{ key: text.key, severity: 'error', channel, field: null, text, outcome: null }];
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity, field }) => severity === 'warning' && field === 'approval');
  // Approval needs nobody to wait for a test, and a test none for approval; whoever works down the list approves last.
  return [...errors, ...ofTests, ...warnings];
};
