import * as E from 'fp-ts/lib/Either.js';
import * as Mailbox from '../../mailbox/index.ts';
import type {
  DetachFromProfile,
  Instruction,
  ProbeIncident,
  RequestRetry,
  ResumePausedChannel,
  SpreadProfileChange,
} from '../../policies/index.ts';
import { derivedId, type MailboxId, type MailChannel, TestId } from '../../values/index.ts';
import { loadMailbox, loadProfileFacts } from '../use-cases/facts.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { settled } from './settled.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;

const contextOf = (
  { clock }: CarryOutEnvironment,
  { organizationId, cause }: Instruction,
  commandId: string,
): Mailbox.Command['context'] => systemContext(clock, organizationId, commandId, cause);

/** Whether there is such a test now, or was. False: the mailbox needed none, or was in the middle of another one. */
const requestTest = async (
  environment: CarryOutEnvironment,
  instruction: RequestRetry | ProbeIncident,
  trigger: 'retry' | 'incident',
  channels: readonly MailChannel[],
): Promise<E.Either<CarryOutFailure, boolean>> => {
  const { organizationId, mailboxId, cause } = instruction;
  const mailbox = await loadMailbox(environment, organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const profileId = mailbox.right?.profile?.profileId ?? null;
  const profile = await loadProfileFacts(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;

  // The event that made it necessary names the test: carried out twice, it is the same one.
  const testId = TestId.orThrow(derivedId('test', trigger, mailboxId, cause.eventId, ...channels));
  const requested = await environment.repository.execute(Mailbox.aggregate, {
    type: 'RequestMailboxTest',
    context: contextOf(environment, instruction, derivedId('request', testId)),
    mailboxId,
    testId,
    runId: null,
    channels,
    trigger,
    thisOrganizationOnly: false,
    testMessage: false,
    profile: profile.right,
  })();
  if (E.isRight(requested)) return E.right(requested.right.events.some(({ type }) => type === 'MailboxTestRequested'));
  const refused = settled(requested);
  return E.isLeft(refused) ? refused : E.right(false);
};

/** Opens the test of channels whose retry is due. While another test is open the policy owes none. */
export const requestRetry = async (environment: CarryOutEnvironment, instruction: RequestRetry): Promise<Done> => {
  const requested = await requestTest(environment, instruction, 'retry', instruction.channels);
  return E.isLeft(requested) ? requested : E.right(undefined);
};

/**
 * Opens the one test that finds out whether the trouble of a profile is over. A mailbox has one test at a time: while
 * another one is open that is not about this direction, it is owed still.
 */
export const probeIncident = async (environment: CarryOutEnvironment, instruction: ProbeIncident): Promise<Done> => {
  const { organizationId, mailboxId, channel } = instruction;
  const requested = await requestTest(environment, instruction, 'incident', [channel]);
  if (E.isLeft(requested)) return requested;
  if (requested.right) return E.right(undefined);
  const mailbox = await loadMailbox(environment, organizationId, mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const { active = false, channels, test = null } = mailbox.right ?? {};
  // The other test may have ended meanwhile.
  const isOwed = active && channels?.[channel].paused === true && test?.channels.includes(channel) !== true;
  return isOwed ? E.left({ _tag: 'TestUnderWay' }) : E.right(undefined);
};

/** Lets a paused channel go on. */
export const resumePausedChannel = async (
  environment: CarryOutEnvironment,
  instruction: ResumePausedChannel,
): Promise<Done> => {
  const { mailboxId, channel, profileId, cause } = instruction;
  const resumed = await environment.repository.execute(Mailbox.aggregate, {
    type: 'ResumeChannel',
    context: contextOf(environment, instruction, derivedId('resume', mailboxId, channel, cause.eventId)),
    mailboxId,
    channel,
    profileId,
  })();
  return settled(resumed);
};

/**
 * How far a mailbox's history has come. It is part of the id of a command that a mailbox may need once more though the
 * cause is the same: one that left the profile and came back would otherwise be given the first outcome.
 */
const revisionOf = async (
  { repository }: CarryOutEnvironment,
  mailboxId: MailboxId,
): Promise<E.Either<CarryOutFailure, string>> => {
  const loaded = await repository.load(Mailbox.aggregate, Mailbox.streamOf(mailboxId))();
  return E.isLeft(loaded) ? loaded : E.right(String(loaded.right.revision));
};

/** Brings the profile as it stands now to one of its mailboxes. */
export const spreadProfileChange = async (
  environment: CarryOutEnvironment,
  instruction: SpreadProfileChange,
): Promise<Done> => {
  const { organizationId, mailboxId, profileId, cause } = instruction;
  const profile = await loadProfileFacts(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profile.right === null) return E.right(undefined);
  const revision = await revisionOf(environment, mailboxId);
  if (E.isLeft(revision)) return revision;
  const applied = await environment.repository.execute(Mailbox.aggregate, {
    type: 'ApplyProfileChange',
    context: contextOf(
      environment,
      instruction,
      derivedId('apply', mailboxId, profileId, String(profile.right.configuration), cause.eventId, revision.right),
    ),
    mailboxId,
    profile: profile.right,
  })();
  return settled(applied);
};

/** Takes a mailbox off a profile that was deleted, unless it has moved on by itself. */
export const detachFromProfile = async (
  environment: CarryOutEnvironment,
  instruction: DetachFromProfile,
): Promise<Done> => {
  const { mailboxId, profileId } = instruction;
  const revision = await revisionOf(environment, mailboxId);
  if (E.isLeft(revision)) return revision;
  const detached = await environment.repository.execute(Mailbox.aggregate, {
    type: 'AssignMailboxProfile',
    context: contextOf(environment, instruction, derivedId('detach', mailboxId, profileId, revision.right)),
    mailboxId,
    profile: null,
    from: profileId,
    secretMayFollow: false,
  })();
  return settled(detached);
};
