import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import type { RequestMailboxTest } from '../../mailbox/index.ts';
import {
  derivedId,
  type MailboxId,
  type MailChannel,
  type ProfileId,
  TestId,
  testIdOfRun,
  TestRunId,
} from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { mayTouch } from './authorize.ts';
import { cancelRun } from './cancel-run.ts';
import { stepContext } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import { knownProfiles } from './facts-of-bulk.ts';
import type { Outcome, Refusal } from './outcome.ts';
import type { RunOfTests } from './request-run.ts';
import { type BulkResult, runBulk } from './run-bulk.ts';
import { note, reject } from './texts.ts';

/** All mailboxes on a profile of the actor's organization, as of now. */
const onProfile = async (
  environment: Environment,
  context: CommandContext,
  type: Testing['type'],
  profileId: ProfileId,
): Promise<E.Either<Refusal, readonly MailboxId[]>> => {
  const { actor } = context;
  const refused = mayTouch(type, actor, null);
  if (refused !== null) return E.left(refused);
  const profile = await knownProfiles(environment, actor.organizationId).profile(profileId);
  if (E.isLeft(profile)) return profile;
  if (profile.right === null) return E.left(reject.ProfileNotFound({ profileId }, 'profileId'));

  const head = await environment.store.head();
  if (E.isLeft(head)) return head;
  return environment.directory.mailboxesOfProfile(profileId, head.right)();
};

interface Testing {
  readonly type: 'TestAndEnable' | 'ResumeAfterIncident';
  readonly mailboxIds: readonly MailboxId[];
  readonly channels: readonly MailChannel[];
  readonly trigger: RequestMailboxTest['trigger'];
  readonly thisOrganizationOnly: boolean;
  readonly testMessage: boolean;
  readonly preview: boolean;
  readonly idle: Text;
  readonly run: RunOfTests | null;
}

const requestTests = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxIds, channels, trigger, thisOrganizationOnly, testMessage, preview, idle, run }: Testing,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> => {
  const profiles = knownProfiles(environment, context.actor.organizationId);
  return runBulk(environment, context, {
    type,
    mailboxIds,
    preview,
    done: run === null ? note('TestStarted', {}) : note('TestQueued', {}),
    idle,
    notes: thisOrganizationOnly ? [note('FlagWithoutEffect', {})] : [],
    run,
    plan: async (mailbox) => {
      const { mailboxId } = mailbox;
      const profile = await profiles.facts(mailbox.profile?.profileId ?? null);
      if (E.isLeft(profile)) return profile;
      return E.right({
        _tag: 'Steps',
        steps: [],
        test: {
          type: 'RequestMailboxTest',
          context: stepContext(context, mailboxId, 'test'),
          mailboxId,
          testId: testIdOf(context, run, mailboxId),
          runId: run?.runId ?? null,
          channels,
          trigger,
          thisOrganizationOnly,
          testMessage,
          profile: profile.right,
        },
        notes: [],
      });
    },
  });
};

/** The id of the run of this command: a repeat of it is the same run. */
export const runIdOf = ({ commandId }: CommandContext): TestRunId => TestRunId.orThrow(derivedId('testRun', commandId));

/** The id of the test of this mailbox: of the run's, or of its own. */
export const testIdOf = (context: CommandContext, run: RunOfTests | null, mailboxId: MailboxId): TestId =>
  run === null ? TestId.orThrow(derivedId('test', context.commandId, mailboxId)) : testIdOfRun(run.runId, mailboxId);

/**
 * Tests one mailbox at once, for a person who waits; several, or all of a profile, as a run in the background. Results
 * come as events. A mailbox that cannot be tested is skipped, with the reason; one that is being tested already stays
 * as it is.
 */
export const testAndEnable = async (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'TestAndEnable'>,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> => {
  const { type, profileId, channels = ['incoming', 'outgoing'], thisOrganizationOnly = false } = command;
  const { testMessage = false } = command;
  const found =
    profileId === undefined
      ? E.right(command.mailboxIds ?? [])
      : await onProfile(environment, context, type, profileId);
  if (E.isLeft(found)) return found;

  const isAlone = found.right.length === 1 && profileId === undefined;
  return requestTests(environment, context, {
    type,
    mailboxIds: found.right,
    channels,
    trigger: isAlone ? 'person' : 'bulk',
    thisOrganizationOnly,
    testMessage,
    preview: command.preview ?? false,
    idle: note('TestRunning', {}),
    run: isAlone
      ? null
      : { runId: runIdOf(context), profileId: profileId ?? null, channels, thisOrganizationOnly, testMessage },
  });
};

/** Tests again, on all mailboxes of a profile, the channels that trouble of the whole profile had stopped. */
export const resumeAfterIncident = async (
  environment: Environment,
  context: CommandContext,
  { type, profileId, preview = false }: DecodedCommand<'ResumeAfterIncident'>,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> => {
  const found = await onProfile(environment, context, type, profileId);
  if (E.isLeft(found)) return found;
  return requestTests(environment, context, {
    type,
    mailboxIds: found.right,
    channels: ['incoming', 'outgoing'],
    trigger: 'incident',
    thisOrganizationOnly: false,
    testMessage: false,
    preview,
    idle: note('NothingToResume', {}),
    run: null,
  });
};

/** Ends open tests, or a whole run. What was found before stays; a result that still comes in is recorded as superseded. */
export const cancelTest = async (
  environment: Environment,
  context: CommandContext,
  { type, mailboxIds = [], runId, preview = false }: DecodedCommand<'CancelTest'>,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> =>
  runId === undefined
    ? runBulk(environment, context, {
        type,
        mailboxIds,
        preview,
        done: note('TestCancelled', {}),
        idle: note('NoTestOpen', {}),
        notes: [],
        run: null,
        plan: async ({ mailboxId }) =>
          E.right({
            _tag: 'Steps',
            steps: [
              {
                type: 'CancelMailboxTest',
                context: stepContext(context, mailboxId, 'cancel'),
                mailboxId,
                testId: null,
              },
            ],
            test: null,
            notes: [],
          }),
      })
    : cancelRun(environment, context, runId, preview);
