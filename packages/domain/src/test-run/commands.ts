import type { CommandContext } from '../kernel/command.ts';
import type { MailboxId, MailChannel, ProfileId, TestRunId } from '../values/index.ts';

interface OnRun<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  readonly runId: TestRunId;
}

/** The organization and the person are those of the actor. */
export interface RequestTestRun extends OnRun<'RequestTestRun'> {
  readonly mailboxIds: readonly MailboxId[];
  /** The profile whose mailboxes these are; null: a selection. */
  readonly profileId: ProfileId | null;
  readonly channels: readonly MailChannel[];
  readonly thisOrganizationOnly: boolean;
}

/** A mailbox of which no test was opened, and the rule that says why. */
export interface Skipped {
  readonly mailboxId: MailboxId;
  readonly reason: string;
}

/** The tests of the run are open. */
export interface StartTestRun extends OnRun<'StartTestRun'> {
  readonly tests: number;
  readonly skipped: readonly Skipped[];
}

export type CancelTestRun = OnRun<'CancelTestRun'>;

/** The last test of the run has ended. */
export type CompleteTestRun = OnRun<'CompleteTestRun'>;

export type Command = RequestTestRun | StartTestRun | CancelTestRun | CompleteTestRun;
