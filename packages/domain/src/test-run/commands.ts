import type { CommandContext } from '../kernel/command.ts';
import type { MailboxId, MailChannel, ProfileId, TestRunId } from '../values/index.ts';

interface OnRun<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  readonly runId: TestRunId;
}

/** The organization and the person are those of the actor. */
export interface RequestTestRun extends OnRun<'RequestTestRun'> {
  /** Those to be tested. */
  readonly mailboxIds: readonly MailboxId[];
  /** Those that were meant too, but cannot be tested. */
  readonly skipped: readonly Skipped[];
  /** The profile whose mailboxes these are; null: a selection. */
  readonly profileId: ProfileId | null;
  readonly channels: readonly MailChannel[];
  readonly thisOrganizationOnly: boolean;
  readonly testMessage: boolean;
}

/** Mailboxes of which no test is opened, and the rule that says why. */
export interface Skipped {
  readonly reason: string;
  readonly mailboxIds: readonly MailboxId[];
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
