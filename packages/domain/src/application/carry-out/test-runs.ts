import * as E from 'fp-ts/lib/Either.js';
import type { LoadFailure } from '../../kernel/aggregate.ts';
import type { OrganizationId } from '../../kernel/command.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { CancelTestOfRun, CompleteRun, StartRun } from '../../policies/index.ts';
import * as TestRun from '../../test-run/index.ts';
import { derivedId, type MailboxId, type ProfileId, testIdOfRun } from '../../values/index.ts';
import { loadMailbox, loadProfileFacts } from '../use-cases/facts.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { isMailboxRejection, settled } from './settled.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;

/** How many mailboxes are worked on at once: enough to fill the transactions of a store that groups commits. */
const atOnce = 64;

/** Reads each profile once: the mailboxes of a run share few. */
const profilesOf = (environment: CarryOutEnvironment, organizationId: OrganizationId) => {
  const known = new Map<ProfileId | null, Promise<E.Either<LoadFailure, Mailbox.ProfileFacts | null>>>();
  return (profileId: ProfileId | null) => {
    const facts = known.get(profileId) ?? loadProfileFacts(environment, organizationId, profileId);
    known.set(profileId, facts);
    return facts;
  };
};

/**
 * Opens a test of each mailbox of the run, and says of which it did not and why. Interrupted and repeated, it finds
 * the tests that it has opened already.
 */
export const startRun = async (environment: CarryOutEnvironment, instruction: StartRun): Promise<Done> => {
  const { organizationId, runId, mailboxIds, cause } = instruction;
  const { clock, repository } = environment;
  const factsOf = profilesOf(environment, organizationId);

  const open = async (mailboxId: MailboxId): Promise<E.Either<CarryOutFailure, string | null>> => {
    const mailbox = await loadMailbox(environment, organizationId, mailboxId);
    if (E.isLeft(mailbox)) return mailbox;
    if (mailbox.right === null) return E.right('MailboxNotFound');
    const profile = await factsOf(mailbox.right.profile?.profileId ?? null);
    if (E.isLeft(profile)) return profile;
    const testId = testIdOfRun(runId, mailboxId);
    const requested = await repository.execute(Mailbox.aggregate, {
      type: 'RequestMailboxTest',
      context: systemContext(clock, organizationId, derivedId('request', testId), cause),
      mailboxId,
      testId,
      runId,
      channels: instruction.channels,
      trigger: 'bulk',
      thisOrganizationOnly: instruction.thisOrganizationOnly,
      testMessage: instruction.testMessage,
      profile: profile.right,
    })();
    if (E.isLeft(requested)) {
      return isMailboxRejection(requested.left) ? E.right(requested.left._tag) : E.left(requested.left);
    }
    return E.right(requested.right.events.some(({ type }) => type === 'MailboxTestRequested') ? null : 'TestRunning');
  };

  const skipped = new Map<string, MailboxId[]>();
  for (let first = 0; first < mailboxIds.length; first += atOnce) {
    const some = mailboxIds.slice(first, first + atOnce);
    const results = await Promise.all(some.map(open));
    for (const [index, result] of results.entries()) {
      if (E.isLeft(result)) return result;
      const mailboxId = some[index];
      if (result.right === null || mailboxId === undefined) continue;
      const those = skipped.get(result.right);
      if (those === undefined) skipped.set(result.right, [mailboxId]);
      else those.push(mailboxId);
    }
  }
  return onRun(environment, instruction, {
    type: 'StartTestRun',
    runId,
    tests: mailboxIds.length - [...skipped.values()].reduce((sum, those) => sum + those.length, 0),
    skipped: [...skipped].map(([reason, those]) => ({ reason, mailboxIds: those })),
  });
};

/** Ends a test that belongs to a cancelled run. */
export const cancelTestOfRun = async (
  { clock, repository }: CarryOutEnvironment,
  { organizationId, mailboxId, testId, cause }: CancelTestOfRun,
): Promise<Done> =>
  settled(
    await repository.execute(Mailbox.aggregate, {
      type: 'CancelMailboxTest',
      context: systemContext(clock, organizationId, derivedId('cancel', testId), cause),
      mailboxId,
      testId,
    })(),
  );

/** Records that the last test of the run has ended. */
export const completeRun = (environment: CarryOutEnvironment, instruction: CompleteRun): Promise<Done> =>
  onRun(environment, instruction, { type: 'CompleteTestRun', runId: instruction.runId });

const isRunRejection = (left: TestRun.Rejection | CarryOutFailure): left is TestRun.Rejection =>
  Object.hasOwn(TestRun.rejections, left._tag);

type OnRun = Omit<TestRun.StartTestRun, 'context'> | Omit<TestRun.CompleteTestRun, 'context'>;

const onRun = async (
  { clock, repository }: CarryOutEnvironment,
  { organizationId, cause }: StartRun | CompleteRun,
  command: OnRun,
): Promise<Done> => {
  const context = systemContext(clock, organizationId, derivedId(command.type, command.runId), cause);
  const recorded = await repository.execute(TestRun.aggregate, { ...command, context })();
  if (E.isRight(recorded)) return E.right(undefined);
  // A run that is not there any more has nothing left to record.
  const { left } = recorded;
  return isRunRejection(left) ? E.right(undefined) : E.left(left);
};
