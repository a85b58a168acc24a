import type { OrganizationId } from '../kernel/command.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { MailboxId, MailChannel, ProfileId, TestId } from '../values/index.ts';

/** What made an instruction necessary, for the trace from a request to everything that followed from it. */
export interface Cause {
  readonly correlationId: string;
  readonly eventId: string;
}

interface Instructed<Type extends string> {
  readonly type: Type;
  readonly organizationId: OrganizationId;
  readonly mailboxId: MailboxId;
  readonly cause: Cause;
}

/** Carry out the open test. `urgent`: a person waits for it. */
export interface RunTest extends Instructed<'RunTest'> {
  readonly testId: TestId;
  readonly urgent: boolean;
}

/** Passing trouble is due to be tried again. */
export interface RequestRetry extends Instructed<'RequestRetry'> {
  readonly channels: readonly MailChannel[];
  readonly attempt: number;
}

/** Find out, with one mailbox for all, whether the trouble of the profile is over. */
export interface ProbeIncident extends Instructed<'ProbeIncident'> {
  readonly profileId: ProfileId;
  readonly channel: MailChannel;
}

/** It is over: the channel goes on. */
export interface ResumePausedChannel extends Instructed<'ResumePausedChannel'> {
  readonly profileId: ProfileId;
  readonly channel: MailChannel;
}

/** Bring a change of the profile to one of its mailboxes. */
export interface SpreadProfileChange extends Instructed<'SpreadProfileChange'> {
  readonly profileId: ProfileId;
}

/** The profile was deleted: the mailbox is on none. */
export interface DetachFromProfile extends Instructed<'DetachFromProfile'> {
  readonly profileId: ProfileId;
}

/** Everything that a policy can owe. All of them can be carried out twice without harm. */
export type Instruction =
  RunTest | RequestRetry | ProbeIncident | ResumePausedChannel | SpreadProfileChange | DetachFromProfile;

export const causeOf = ({ id, metadata }: RecordedEvent): Cause => ({
  correlationId: metadata.correlationId,
  eventId: id,
});
