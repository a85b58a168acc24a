import type {
  Channel,
  Mailbox,
  MailboxId,
  PersonId,
  PrincipalId,
  ProfileId,
  TestId,
  TestRunId,
} from '@mailroom/domain';

/** One line of the result of a check: which step, how it ended, how long it took. */
export interface StepLine {
  readonly step: string;
  readonly status: 'passed' | 'warning' | 'failed' | 'notRun';
  readonly ms: number;
}

/** Why a channel does not work, as it was recorded. What a person reads is made from it when it is asked for. */
interface ChannelFailure {
  readonly kind: string;
  readonly phase: string;
  readonly disposition: 'permanent' | 'transient' | 'uncertain' | 'warning' | 'ours';
  readonly scope: 'mailbox' | 'profile' | 'system';
  readonly field: string | null;
  /** ISO; when the channel first failed in this way, however often it has been tested since. */
  readonly since: string;
}

export interface ChannelRow {
  readonly method: string;
  readonly status: 'notRun' | 'success' | 'failure';
  readonly enabled: boolean;
  readonly paused: boolean;
  /** Why it is back to Not Run, or disabled; null when it never was otherwise. */
  readonly reason: string | null;
  readonly failure: ChannelFailure | null;
  readonly attempt: number;
  readonly nextAttemptAt: string | null;
  readonly testedAt: string | null;
  readonly warnings: readonly string[];
  readonly steps: readonly StepLine[];
}

export interface OpenTest {
  readonly testId: TestId;
  readonly runId: TestRunId | null;
  readonly channels: readonly ('incoming' | 'outgoing')[];
  readonly trigger: 'person' | 'bulk' | 'retry' | 'incident';
  readonly requestedAt: string;
}

/** The last test message that the mailbox was to send to itself. */
export interface TestMessageRow {
  readonly testId: TestId;
  /** `pending`: not known yet. */
  readonly outcome: Mailbox.TestMessageOutcome | 'pending';
  readonly kind: string | null;
  readonly seconds: number | null;
  readonly reportedAt: string | null;
}

/** A mailbox as its own events tell it. JSON-safe; instants are ISO strings. */
export interface MailboxRow {
  readonly mailboxId: MailboxId;
  readonly organizationId: string;
  readonly personId: PersonId;
  readonly kind: 'user' | 'queue' | 'forward';
  readonly regardingId: PrincipalId | null;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: PrincipalId;
  readonly name: string;
  /** null: the mailbox has none; `[erased]` once its person is. */
  readonly address: string | null;
  readonly active: boolean;
  readonly approval: 'empty' | 'pending' | 'approved' | 'rejected';
  readonly profileId: ProfileId | null;
  readonly userName: string | null;
  /** Version of the mailbox's own secret; null: none is stored. */
  readonly secretVersion: number | null;
  readonly secretId: string | null;
  /** When the secret stops working; null: not known, or none is stored. */
  readonly secretExpiresOn: string | null;
  readonly processEmailFrom: string | null;
  readonly processEmailFromSource: 'mailbox' | 'profile' | 'firstEnable' | null;
  readonly channels: Readonly<Record<Channel, ChannelRow>>;
  readonly test: OpenTest | null;
  /** null: none was asked for. */
  readonly testMessage: TestMessageRow | null;
  /** JSON of what the advice of each failed channel and the words of its server say. */
  readonly evidence: string;
  readonly registeredAt: string;
  readonly changedAt: string;
}

/** What the advice needs besides the kind, by channel. Personal: it may quote an address. */
export type Evidence = Readonly<
  Partial<Record<Channel, { readonly params: string; readonly serverText: string | null }>>
>;
