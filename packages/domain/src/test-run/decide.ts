import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type { Command, RequestTestRun } from './commands.ts';
import { type Event, TestRunCancelled, TestRunCompleted, TestRunRequested, TestRunStarted } from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import type { State } from './state.ts';

/** A run goes one way: requested, started, completed; or cancelled at any moment before its end. */
export const decide = (command: Command, state: State): Decision<Event, Rejection> => {
  const { runId, context } = command;
  const { organizationId } = context.actor;
  if (state._tag !== 'NotRequested' && state.organizationId !== organizationId) {
    return rejected(rejections.TestRunNotFound({ runId }));
  }
  if (command.type === 'RequestTestRun') return state._tag === 'NotRequested' ? request(command) : nothingHappened;
  if (state._tag === 'NotRequested') return rejected(rejections.TestRunNotFound({ runId }));

  switch (command.type) {
    case 'StartTestRun': {
      const { tests, skipped } = command;
      return state._tag === 'Requested' ? happened<Event>(TestRunStarted({ runId, tests, skipped })) : nothingHappened;
    }
    case 'CancelTestRun': {
      const isUnderWay = state._tag === 'Requested' || state._tag === 'Started';
      return isUnderWay ? happened<Event>(TestRunCancelled({ runId })) : nothingHappened;
    }
    case 'CompleteTestRun':
      return state._tag === 'Started' ? happened<Event>(TestRunCompleted({ runId })) : nothingHappened;
  }
};

/** What fits into one event of every store. */
const mostMailboxes = 20_000;

const request = (command: RequestTestRun): Decision<Event, Rejection> => {
  const { runId, context, mailboxIds, skipped, profileId, channels, thisOrganizationOnly, testMessage } = command;
  if (mailboxIds.length === 0) return rejected(rejections.TestRunWithoutMailboxes({}, 'mailboxIds'));
  const mailboxes = mailboxIds.length + skipped.reduce((sum, { mailboxIds: those }) => sum + those.length, 0);
  if (mailboxes > mostMailboxes)
    return rejected(rejections.TestRunTooLarge({ mailboxes, limit: mostMailboxes }, 'mailboxIds'));
  const { organizationId, id: requestedBy } = context.actor;
  return happened<Event>(
    TestRunRequested({
      runId,
      organizationId,
      requestedBy,
      mailboxIds,
      skipped,
      profileId,
      channels,
      thisOrganizationOnly,
      testMessage,
    }),
  );
};
