import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type { MailChannel } from '../values/index.ts';
import type { CancelMailboxTest, RequestMailboxTest, ResumeChannel } from './commands.ts';
import { ChannelResumed, type Event, MailboxTestRequested, TestMessageRequested, type TestTrigger } from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import { after, cancelled, caughtUpWith } from './staleness.ts';
import { mailChannels, type Registered } from './state.ts';

/** Whether a test that was asked for in this way is about the channel at all. */
const isWanted = ({ channels }: Registered, channel: MailChannel, trigger: TestTrigger): boolean => {
  const { nextAttemptAt, paused, failureScope } = channels[channel];
  if (trigger === 'retry') return nextAttemptAt !== null && !paused;
  if (trigger === 'incident') return paused || failureScope === 'profile';
  return true;
};

/**
 * Opens a test. A mailbox has one at a time: a request for what is being tested already changes nothing; a person's
 * request for more replaces the open test. A retry or a resumption that is no longer needed changes nothing either.
 */
export const requestTest = (command: RequestMailboxTest, before: Registered): Decision<Event, Rejection> => {
  const { mailboxId, testId, runId, trigger, thisOrganizationOnly } = command;
  if (!before.active) return rejected(rejections.MailboxDeactivated({}));

  const caughtUp = caughtUpWith(before, command.profile);
  const state = after(before, caughtUp);
  const testable = mailChannels.filter(
    (channel) => command.channels.includes(channel) && state.channels[channel].method === 'serverSide',
  );
  const wanted = testable.filter((channel) => isWanted(state, channel, trigger));
  const asked = trigger === 'person' || trigger === 'bulk';
  if (asked && testable.length === 0) return rejected(rejections.NoChannelToTest({}));
  if (wanted.length === 0) return happened(...caughtUp);

  const { test } = state;
  const hasMessage = test !== null && state.testMessages.includes(test.testId);
  const isCovered =
    test !== null && wanted.every((channel) => test.channels.includes(channel)) && (hasMessage || !command.testMessage);
  if (test !== null && (isCovered || !asked)) return happened(...caughtUp);
  const channels = mailChannels.filter(
    (channel) => wanted.includes(channel) || test?.remaining.includes(channel) === true,
  );
  const attempt = asked ? 1 : 1 + Math.max(...channels.map((channel) => state.channels[channel].attempt));
  return happened<Event>(
    ...caughtUp,
    ...(test === null ? [] : [cancelled(state, test, 'asked')]),
    MailboxTestRequested({ mailboxId, testId, runId, channels, trigger, attempt, thisOrganizationOnly }),
    ...(command.testMessage || hasMessage ? [TestMessageRequested({ mailboxId, testId })] : []),
  );
};

export const cancelTest = ({ testId }: CancelMailboxTest, state: Registered): Decision<Event, never> => {
  const { test } = state;
  if (test === null || (testId !== null && test.testId !== testId)) return nothingHappened;
  return happened(cancelled(state, test, 'asked'));
};

export const resumeChannel = (
  { mailboxId, channel, profileId }: ResumeChannel,
  state: Registered,
): Decision<Event, never> => {
  const isConcerned = state.channels[channel].paused && state.profile?.profileId === profileId;
  return isConcerned ? happened<Event>(ChannelResumed({ mailboxId, channel, profileId })) : nothingHappened;
};
