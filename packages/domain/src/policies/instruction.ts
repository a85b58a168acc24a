import type { OrganizationId } from '../kernel/command.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { EpisodeId, MailboxId, MailChannel, ProfileId, SecretRef, TestId, TestRunId } from '../values/index.ts';

/** What made an instruction necessary, for the trace from a request to everything that followed from it. */
export interface Cause {
  readonly correlationId: string;
  readonly eventId: string;
}

interface Instructed<Type extends string> {
  readonly type: Type;
  readonly organizationId: OrganizationId;
  readonly cause: Cause;
}

interface OnMailbox<Type extends string> extends Instructed<Type> {
  readonly mailboxId: MailboxId;
}

interface OnRun<Type extends string> extends Instructed<Type> {
  readonly runId: TestRunId;
}

/** Carry out the open test. `urgent`: a person waits for it. */
export interface RunTest extends OnMailbox<'RunTest'> {
  readonly testId: TestId;
  readonly urgent: boolean;
}

/** The test has succeeded: the mailbox sends a message to itself. */
export interface SendTestMessage extends OnMailbox<'SendTestMessage'> {
  readonly testId: TestId;
}

/** Passing trouble is due to be tried again. */
export interface RequestRetry extends OnMailbox<'RequestRetry'> {
  readonly channels: readonly MailChannel[];
  readonly attempt: number;
}

/** Find out, with one mailbox for all, whether the trouble of the profile is over. */
export interface ProbeIncident extends OnMailbox<'ProbeIncident'> {
  readonly profileId: ProfileId;
  readonly channel: MailChannel;
}

/** It is over: the channel goes on. */
export interface ResumePausedChannel extends OnMailbox<'ResumePausedChannel'> {
  readonly profileId: ProfileId;
  readonly channel: MailChannel;
}

/** Bring a change of the profile to one of its mailboxes. */
export interface SpreadProfileChange extends OnMailbox<'SpreadProfileChange'> {
  readonly profileId: ProfileId;
}

/** The profile was deleted: the mailbox is on none. */
export interface DetachFromProfile extends OnMailbox<'DetachFromProfile'> {
  readonly profileId: ProfileId;
}

/** Open the tests of a run that was asked for. */
export interface StartRun extends OnRun<'StartRun'> {
  readonly mailboxIds: readonly MailboxId[];
  readonly channels: readonly MailChannel[];
  readonly thisOrganizationOnly: boolean;
  readonly testMessage: boolean;
}

/** The run was cancelled: nobody waits for this test any more. */
export interface CancelTestOfRun extends OnRun<'CancelTestOfRun'> {
  readonly mailboxId: MailboxId;
  readonly testId: TestId;
}

/** The last test of the run has ended. */
export type CompleteRun = OnRun<'CompleteRun'>;

interface OfEpisode<Type extends string> extends Instructed<Type> {
  readonly profileId: ProfileId;
  readonly episodeId: EpisodeId;
}

/** Most mailboxes of the profile fail: put down that its owner has to be told by mail. `since`: an ISO instant. */
export interface AnnounceAlertMail extends OfEpisode<'AnnounceAlertMail'> {
  readonly episode: {
    readonly failing: number;
    readonly mailboxes: number;
    readonly kind: string;
    readonly since: string;
  };
}

/** Send the mail that was announced; `stop`: it is too late for it, or not wanted any more. */
export interface DeliverAlertMail extends OfEpisode<'DeliverAlertMail'> {
  readonly stop: boolean;
}

/** The secret of a profile's account stops working soon: put that down for those who look after the profile. */
export interface AnnounceProfileCredentialsExpiry extends Instructed<'AnnounceProfileCredentialsExpiry'> {
  readonly profileId: ProfileId;
  readonly channel: MailChannel;
  readonly secret: SecretRef;
}

/** The same of a mailbox's own secret, for the people behind it. */
export interface AnnounceMailboxCredentialsExpiry extends OnMailbox<'AnnounceMailboxCredentialsExpiry'> {
  readonly secret: SecretRef;
}

/** Everything that a policy can owe. All of them can be carried out twice without harm. */
export type Instruction =
  | RunTest
  | SendTestMessage
  | RequestRetry
  | ProbeIncident
  | ResumePausedChannel
  | SpreadProfileChange
  | DetachFromProfile
  | StartRun
  | CancelTestOfRun
  | CompleteRun
  | AnnounceAlertMail
  | DeliverAlertMail
  | AnnounceProfileCredentialsExpiry
  | AnnounceMailboxCredentialsExpiry;

export const causeOf = ({ id, metadata }: RecordedEvent): Cause => ({
  correlationId: metadata.correlationId,
  eventId: id,
});
