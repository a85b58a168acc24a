import * as E from 'fp-ts/lib/Either.js';
import type { Committed } from '../../kernel/aggregate.ts';
import type { CommandContext } from '../../kernel/command.ts';
import type { Rejection } from '../../kernel/rejection.ts';
import type { Text } from '../../kernel/text.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { MailboxId, TestRunId } from '../../values/index.ts';
import type { CommandType } from '../commands/command.ts';
import { mayTouch } from './authorize.ts';
import { changesBetween, foresee, lostSuccesses, type MailboxOutcome, type Plan } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import { loadMailbox } from './facts.ts';
import { eachOf } from './limited.ts';
import { isRejection, type Outcome, outcomeOf, type Refusal, type Trouble } from './outcome.ts';
import { type InRun, requestRun, type RunOfTests, testRunning } from './request-run.ts';
import { note, reject } from './texts.ts';

/** One result per mailbox, in the order in which they were given. */
export interface BulkResult {
  readonly mailboxes: readonly MailboxOutcome[];
  /** The run that tests them in the background; null: there is none. Follow it in the view of test runs; cancel by it. */
  readonly runId: TestRunId | null;
}

/** How many mailboxes are worked on at once: enough to fill the transactions of a store that groups commits. */
const atOnce = 64;

/** Reasons for which a mailbox is passed over by a test, rather than turned down. */
const reasonsToSkip: readonly string[] = ['MailboxDeactivated', 'NoChannelToTest'];

interface Bulk {
  readonly type: CommandType;
  readonly mailboxIds: readonly MailboxId[];
  readonly preview: boolean;
  readonly plan: (mailbox: Mailbox.Registered) => Promise<E.Either<Trouble, Plan>>;
  /** What is said about a mailbox on which the steps had an effect. */
  readonly done: Text;
  /** What is said about a mailbox on which they had none. */
  readonly idle: Text;
  readonly notes: readonly Text[];
  /** The run that the tests of the plans belong to; null: each is opened at once. */
  readonly run: RunOfTests | null;
}

interface Done {
  readonly outcome: MailboxOutcome;
  readonly writes: readonly Committed[];
  /** What becomes of this mailbox in the run; null: it is not for the run to know. */
  readonly inRun: InRun | null;
}

/**
 * Carries out a plan on each mailbox. One that is turned down or skipped stops no other; steps of one mailbox are looked
 * at together first, so that it is changed as a whole or not at all. When store or vault fail the whole command does,
 * and a repeat goes on where it stopped. A preview looks and writes nothing.
 */
export const runBulk = async (
  environment: Environment,
  context: CommandContext,
  bulk: Bulk,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> => {
  const troubles: Trouble[] = [];
  const results = await eachOf(bulk.mailboxIds, atOnce, async (mailboxId) => {
    if (troubles.length > 0) return null;
    const done = await onMailbox(environment, context, bulk, mailboxId);
    if (E.isRight(done)) return done.right;
    troubles.push(done.left);
    return null;
  });
  const [trouble] = troubles;
  if (trouble !== undefined) return E.left(trouble);

  const all = results.filter((result) => result !== null);
  const writes = all.flatMap((result) => result.writes);
  if (bulk.run === null || bulk.preview) {
    return E.right(outcomeOf({ mailboxes: all.map(({ outcome }) => outcome), runId: null }, writes, bulk.notes));
  }
  const requested = await requestRun(environment, context, bulk.run, all, bulk);
  if (E.isLeft(requested)) return requested;
  const { committed, mailboxes } = requested.right;
  const runId = committed === null ? null : bulk.run.runId;
  const allWrites = committed === null ? writes : [...writes, committed];
  return E.right(outcomeOf({ mailboxes, runId }, allWrites, bulk.notes));
};

const nothing = { testId: null, notes: [], changes: [], losesSuccess: [] } as const;

const rejectedWith = (mailboxId: MailboxId, rejection: Rejection): Done => ({
  outcome: { ...nothing, mailboxId, outcome: 'rejected', text: rejection.text, rejection },
  writes: [],
  inRun: null,
});

const onMailbox = async (
  environment: Environment,
  context: CommandContext,
  bulk: Bulk,
  mailboxId: MailboxId,
): Promise<E.Either<Trouble, Done>> => {
  const mailbox = await loadMailbox(environment, context.actor.organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const refused = mayTouch(bulk.type, context.actor, mailbox.right);
  if (refused !== null) return E.right(rejectedWith(mailboxId, refused));
  if (mailbox.right === null) return E.right(rejectedWith(mailboxId, reject.MailboxNotFound({ mailboxId })));

  const plan = await bulk.plan(mailbox.right);
  if (E.isLeft(plan)) return plan;
  if (plan.right._tag === 'Refused') return E.right(rejectedWith(mailboxId, plan.right.rejection));
  return bulk.preview
    ? E.right(previewed(mailbox.right, plan.right, bulk))
    : carriedOut(environment, mailbox.right, plan.right, bulk);
};

type Steps = Extract<Plan, { readonly _tag: 'Steps' }>;

/** What came, or would come, of the test at the end. */
const testNotes = ({ rejection, isWanted }: Tested, run: RunOfTests | null): readonly Text[] => {
  if (rejection !== null) return [note('TestNotStarted', { why: rejection.text.sentence })];
  if (!isWanted) return [note('TestRunning', {})];
  return [run === null ? note('TestStarted', {}) : note('TestQueued', {})];
};

const isOnlyTest = ({ steps, test }: Steps): boolean => steps.length === 0 && test !== null;

/** Turned down: by a test that is the whole of the command, a mailbox is passed over. */
const turnedDown = (mailboxId: MailboxId, plan: Steps, rejection: Rejection): Done => {
  const { outcome } = rejectedWith(mailboxId, rejection);
  const isSkipped = isOnlyTest(plan) && reasonsToSkip.includes(rejection._tag);
  return {
    outcome: isSkipped ? { ...outcome, outcome: 'skipped', rejection: null } : outcome,
    writes: [],
    inRun: isSkipped ? { skipped: rejection._tag, steps: null } : null,
  };
};

/** What a test led, or would lead, to. */
interface Tested {
  readonly rejection: Rejection | null;
  readonly isWanted: boolean;
  readonly write: Committed<Mailbox.Event> | null;
}

const isRequest = ({ type }: Mailbox.Event): boolean => type === 'MailboxTestRequested';

const foreseeTest = (state: Mailbox.Registered, test: Mailbox.RequestMailboxTest): Tested => {
  const { events, rejection } = foresee(state, [test]);
  return { rejection, isWanted: events.some(isRequest), write: null };
};

const openTest = async (
  { repository }: Environment,
  test: Mailbox.RequestMailboxTest,
): Promise<E.Either<Trouble, Tested>> => {
  const opened = await repository.execute(Mailbox.aggregate, test)();
  if (E.isRight(opened)) {
    return E.right({ rejection: null, isWanted: opened.right.events.some(isRequest), write: opened.right });
  }
  const { left } = opened;
  return isRejection(left) ? E.right({ rejection: left, isWanted: false, write: null }) : E.left(left);
};

const inRunOf = ({ rejection, isWanted }: Tested, steps: InRun['steps']): InRun => {
  if (isWanted) return { skipped: null, steps };
  return { skipped: rejection === null ? testRunning : rejection._tag, steps };
};

const previewed = (mailbox: Mailbox.Registered, plan: Steps, { done, idle, run }: Bulk): Done => {
  const { mailboxId } = mailbox;
  const steps = foresee(mailbox, plan.steps);
  if (steps.rejection !== null) return turnedDown(mailboxId, plan, steps.rejection);
  const test = plan.test === null ? null : foreseeTest(steps.state, plan.test);
  if (test?.rejection && plan.steps.length === 0) return turnedDown(mailboxId, plan, test.rejection);

  const isChanged = steps.events.length > 0 || (test?.isWanted ?? false);
  return {
    outcome: {
      mailboxId,
      outcome: isChanged ? 'changed' : 'unchanged',
      text: isChanged ? done : idle,
      rejection: null,
      testId: null,
      notes: [...plan.notes, ...(test === null ? [] : testNotes(test, run))],
      changes: changesBetween(mailbox, steps.state),
      losesSuccess: lostSuccesses(mailbox, steps.events),
    },
    writes: [],
    inRun: null,
  };
};

const carriedOut = async (
  environment: Environment,
  mailbox: Mailbox.Registered,
  plan: Steps,
  { done, idle, run }: Bulk,
): Promise<E.Either<Trouble, Done>> => {
  const { mailboxId } = mailbox;
  const foreseen = foresee(mailbox, plan.steps);
  const writes: Committed<Mailbox.Event>[] = [];
  // A repeat of steps that were taken is answered by the store, whatever would be decided now.
  const isHopeless = foreseen.rejection !== null && plan.steps.length > 1;
  if (isHopeless) return E.right(turnedDown(mailboxId, plan, foreseen.rejection));
  for (const step of plan.steps) {
    const committed = await environment.repository.execute(Mailbox.aggregate, step)();
    if (E.isRight(committed)) writes.push(committed.right);
    else if (isRejection(committed.left)) return E.right({ ...turnedDown(mailboxId, plan, committed.left), writes });
    else return E.left(committed.left);
  }

  const tested = await testing(environment, foreseen.state, plan.test, run);
  if (E.isLeft(tested)) return tested;
  const test = tested.right;
  if (test?.rejection && plan.steps.length === 0) return E.right(turnedDown(mailboxId, plan, test.rejection));
  if (test?.write) writes.push(test.write);

  const events = writes.flatMap((write) => write.events);
  const isTested = test?.isWanted ?? false;
  // What reached the mailbox of its profile's changes along with the request is not the doing of a test.
  const steps = isOnlyTest(plan) ? null : events.length > 0 ? 'changed' : 'unchanged';
  const isChanged = isTested || steps === 'changed';
  return E.right({
    outcome: {
      mailboxId,
      outcome: isChanged ? 'changed' : 'unchanged',
      text: isChanged ? done : idle,
      rejection: null,
      testId: isTested && plan.test !== null ? plan.test.testId : null,
      notes: [...plan.notes, ...(test === null ? [] : testNotes(test, run))],
      changes: changesBetween(mailbox, foreseen.state),
      losesSuccess: lostSuccesses(mailbox, events),
    },
    writes,
    inRun: test === null || run === null ? null : inRunOf(test, steps),
  });
};

/** The tests of a run are opened by the run, in the background: here it is only seen whether there is one to open. */
const testing = async (
  environment: Environment,
  state: Mailbox.Registered,
  test: Mailbox.RequestMailboxTest | null,
  run: RunOfTests | null,
): Promise<E.Either<Trouble, Tested | null>> => {
  if (test === null) return E.right(null);
  return run === null ? openTest(environment, test) : E.right(foreseeTest(state, test));
};
