import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as TestRun from '../../test-run/index.ts';
import { type MailboxId, type MailChannel, type ProfileId, testIdOfRun, type TestRunId } from '../../values/index.ts';
import type { MailboxOutcome } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import type { Refusal } from './outcome.ts';
import { note } from './texts.ts';

/** The tests of a bulk command as one job in the background. */
export interface RunOfTests {
  readonly runId: TestRunId;
  /** The profile whose mailboxes are meant; null: a selection. */
  readonly profileId: ProfileId | null;
  readonly channels: readonly MailChannel[];
  readonly thisOrganizationOnly: boolean;
  readonly testMessage: boolean;
}

/** What becomes of a mailbox in a run. */
export interface InRun {
  /** The rule for which it is not tested; null: it is. */
  readonly skipped: string | null;
  /** What the steps before the test have done; null: the test is the whole of the command. */
  readonly steps: 'changed' | 'unchanged' | null;
}

/** What is said about a mailbox on which the command had an effect, and about one on which it had none. */
interface Said {
  readonly done: Text;
  readonly idle: Text;
}

/** A mailbox that is being tested already is passed over. */
export const testRunning = 'TestRunning';

interface Member {
  readonly outcome: MailboxOutcome;
  readonly inRun: InRun | null;
}

interface RequestedRun {
  /** null: there was nothing to test, so there is no run. */
  readonly committed: Committed | null;
  readonly mailboxes: readonly MailboxOutcome[];
}

const groupedByReason = (members: readonly Member[]): readonly TestRun.Skipped[] => {
  const groups = new Map<string, MailboxId[]>();
  for (const { outcome, inRun } of members) {
    if (inRun === null || inRun.skipped === null) continue;
    const those = groups.get(inRun.skipped);
    if (those === undefined) groups.set(inRun.skipped, [outcome.mailboxId]);
    else those.push(outcome.mailboxId);
  }
  return [...groups].map(([reason, mailboxIds]) => ({ reason, mailboxIds }));
};

/** Asks for the run, once: a repeat of the command is told what was asked for the first time. */
export const requestRun = async (
  { repository }: Environment,
  context: CommandContext,
  run: RunOfTests,
  members: readonly Member[],
  said: Said,
): Promise<E.Either<Refusal, RequestedRun>> => {
  const mailboxes = members.map(({ outcome }) => outcome);
  const wanted = members.filter(({ inRun }) => inRun !== null && inRun.skipped === null);
  const requested = await repository.execute(TestRun.aggregate, {
    type: 'RequestTestRun',
    context,
    ...run,
    mailboxIds: wanted.map(({ outcome }) => outcome.mailboxId),
    skipped: groupedByReason(members),
  })();
  if (E.isLeft(requested)) {
    const isEmpty = requested.left._tag === 'TestRunWithoutMailboxes';
    return isEmpty ? E.right({ committed: null, mailboxes }) : requested;
  }
  const committed = requested.right;
  const [first] = committed.events;
  if (!committed.duplicate || first?.type !== 'TestRunRequested') return E.right({ committed, mailboxes });
  return E.right({ committed, mailboxes: asThen(members, run.runId, first.data, said) });
};

/** Why a mailbox was passed over. There are just these two rules for which a test is turned down. */
const textOf = (reason: string): Text =>
  Mailbox.rejections[reason === 'MailboxDeactivated' ? reason : 'NoChannelToTest']({}).text;

/** The outcomes as they were when the run was requested, whatever has become of the mailboxes since. */
const asThen = (
  members: readonly Member[],
  runId: TestRunId,
  { mailboxIds, skipped }: ReturnType<typeof TestRun.TestRunRequested>['data'],
  { done, idle }: Said,
): readonly MailboxOutcome[] => {
  const tested = new Set(mailboxIds);
  const reasons = new Map(skipped.flatMap(({ reason, mailboxIds: those }) => those.map((id) => [id, reason] as const)));
  return members.map(({ outcome, inRun }): MailboxOutcome => {
    const { mailboxId } = outcome;
    const notes = outcome.notes.filter(({ key }) => !testKeys.includes(key));
    if (tested.has(mailboxId)) {
      const testId = testIdOfRun(runId, mailboxId);
      return {
        ...outcome,
        outcome: 'changed',
        text: done,
        rejection: null,
        testId,
        notes: [...notes, note('TestQueued', {})],
      };
    }
    const reason = reasons.get(mailboxId);
    if (reason === undefined || inRun === null) return outcome;
    const passedOver = { ...outcome, testId: null };
    const isRunning = reason === testRunning;
    if (inRun.steps === null && !isRunning) {
      return { ...passedOver, outcome: 'skipped', text: textOf(reason), notes };
    }
    const why = isRunning ? note('TestRunning', {}) : note('TestNotStarted', { why: textOf(reason).sentence });
    const isChanged = inRun.steps === 'changed';
    return {
      ...passedOver,
      outcome: isChanged ? 'changed' : 'unchanged',
      text: isChanged ? done : idle,
      notes: [...notes, why],
    };
  });
};

const testKeys = [note('TestQueued', {}), note('TestRunning', {}), note('TestNotStarted', { why: '' })].map(
  ({ key }) => key,
);
