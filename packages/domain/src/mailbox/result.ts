import { type Decision, happened, nothingHappened } from '../kernel/decider.ts';
import type { FoundFailure, RecordTestMessage, RecordTestResult } from './commands.ts';
import {
  ChannelEnabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestFailed,
  ChannelTestSucceeded,
  ChannelTestSuperseded,
  type Event,
  MailboxProcessingStartChanged,
  MailboxTestCompleted,
  TestMessageReported,
} from './events.ts';
import { after, caughtUpWith, disabled } from './staleness.ts';
import { mailChannels, type Registered } from './state.ts';
import { verdictOn } from './verdict.ts';

type Superseded = ReturnType<typeof ChannelTestSuperseded>['data']['reason'];

/** Why this result says nothing about the mailbox as it is configured now; null when it does. */
const staleBecause = ({ fingerprint, channel, profile }: RecordTestResult, state: Registered): Superseded | null => {
  if (state.profile !== null && profile === null) return 'profileUnavailable';
  const isCurrent =
    fingerprint.profileId === (state.profile?.profileId ?? null) &&
    fingerprint.profileConfiguration === (state.profile?.configuration ?? 0) &&
    fingerprint.mailboxConfiguration === state.channels[channel].configuration;
  return isCurrent ? null : 'configurationChanged';
};

/**
 * Records what the check of one channel found. Only a fresh success enables: a result of a test that is no longer open,
 * or of an older configuration, is recorded as superseded and changes nothing. A repeat changes nothing either.
 */
export const recordResult = (command: RecordTestResult, before: Registered): Decision<Event, never> => {
  const { mailboxId, testId, channel } = command;
  const caughtUp = caughtUpWith(before, command.profile);
  const state = after(before, caughtUp);
  const { test, cancelled } = state;

  if (test?.testId !== testId) {
    if (cancelled?.testId !== testId || !cancelled.remaining.includes(channel)) return happened(...caughtUp);
    return happened(...caughtUp, ChannelTestSuperseded({ mailboxId, testId, channel, reason: cancelled.because }));
  }
  if (!test.remaining.includes(channel)) return nothingHappened;

  const stale = staleBecause(command, state);
  const found =
    stale !== null
      ? [ChannelTestSuperseded({ mailboxId, testId, channel, reason: stale })]
      : command.outcome.verdict === 'passed'
        ? successOf(command, command.outcome.warnings, state)
        : failureOf(command, command.outcome.failure, command.outcome.tried, state);
  return happened(...caughtUp, ...found, ...completionOf(after(state, found)));
};

const resultOf = ({ mailboxId, testId, channel, fingerprint, steps }: RecordTestResult) => ({
  mailboxId,
  testId,
  channel,
  ...fingerprint,
  steps,
});

const resumedOf = ({ mailboxId, channel }: RecordTestResult, { profile, channels }: Registered): readonly Event[] =>
  channels[channel].paused && profile !== null
    ? [ChannelResumed({ mailboxId, channel, profileId: profile.profileId })]
    : [];

const successOf = (command: RecordTestResult, warnings: readonly string[], state: Registered): readonly Event[] => {
  const { mailboxId, channel, context } = command;
  const { start, channels } = state;
  const isFirst = start.processEmailFrom === null;
  return [
    ChannelTestSucceeded({ ...resultOf(command), warnings }),
    ...resumedOf(command, state),
    ...(channels[channel].enabled ? [] : [ChannelEnabled({ mailboxId, channel })]),
    ...(isFirst
      ? [MailboxProcessingStartChanged({ mailboxId, processEmailFrom: context.at, source: 'firstEnable' })]
      : []),
  ];
};

const failureOf = (
  command: RecordTestResult,
  failure: FoundFailure,
  tried: boolean,
  state: Registered,
): readonly Event[] => {
  const { mailboxId, channel } = command;
  const { channels, profile, personId } = state;
  const verdict = verdictOn(channels[channel], failure, command, tried);
  const { kind, phase, disposition, scope, field, serverText } = failure;
  const { status, attempt, nextAttemptAt } = verdict;
  // A failure of the mailbox itself shows that the server can be reached: what paused the channel is over.
  const events: Event[] = scope === 'mailbox' && status === 'failure' ? [...resumedOf(command, state)] : [];
  events.push(
    ChannelTestFailed({
      ...resultOf(command),
      personId,
      kind,
      phase,
      disposition,
      scope,
      field,
      status,
      adviceParams: JSON.stringify(failure.adviceParams),
      serverText,
      attempt,
      nextAttemptAt,
    }),
  );
  if (verdict.channel === 'pausedByProfile' && profile !== null && !channels[channel].paused) {
    events.push(ChannelPaused({ mailboxId, channel, profileId: profile.profileId, kind, nextAttemptAt }));
  }
  if (verdict.channel === 'disabled' && channels[channel].enabled) {
    events.push(disabled(state, channel, verdict.retriesSpent ? 'retriesSpent' : 'testFailed'));
  }
  return events;
};

const completionOf = ({ mailboxId, test, testMessages }: Registered): readonly Event[] => {
  if (test === null || test.remaining.length > 0) return [];
  const { testId, runId, channels, succeeded, failed } = test;
  const outcome = succeeded.length === channels.length ? 'succeeded' : failed.length > 0 ? 'failed' : 'superseded';
  const completed = MailboxTestCompleted({ mailboxId, testId, runId, outcome });
  // A message says something only where it can be sent and found.
  const isPointless =
    testMessages.includes(testId) && (outcome !== 'succeeded' || channels.length < mailChannels.length);
  return isPointless
    ? [TestMessageReported({ mailboxId, testId, outcome: 'notSent', kind: null, seconds: 0 }), completed]
    : [completed];
};

/** Records what became of a test message, once; channels stay as they are. */
export const recordTestMessage = (
  { mailboxId, testId, outcome, kind, seconds }: RecordTestMessage,
  { testMessages }: Registered,
): Decision<Event, never> =>
  testMessages.includes(testId)
    ? happened<Event>(TestMessageReported({ mailboxId, testId, outcome, kind, seconds }))
    : nothingHappened;
