import type { Text } from '@mailroom/domain';
import type { OpenTest, StepLine, TestMessageRow } from '../../views/mailbox-row.ts';

/** One channel of a mailbox, as a person sees it. */
export interface ChannelStatus {
  readonly method: string;
  readonly status: 'notRun' | 'success' | 'failure';
  readonly enabled: boolean;
  /** Worked before, and waits for an incident of the whole profile to end. */
  readonly paused: boolean;
  /** Why it is Not Run again, or disabled. */
  readonly reason: string | null;
  /** The failure, spelled as the taxonomy does; all null when there is none. */
  readonly kind: string | null;
  readonly phase: string | null;
  readonly disposition: string | null;
  readonly scope: string | null;
  readonly field: string | null;
  /** ISO; when the channel first failed in this way. */
  readonly since: string | null;
  readonly advice: Text | null;
  readonly serverText: string | null;
  /** Tries of the same problem so far; 0 when there is none. */
  readonly attempt: number;
  /** ISO; null: it is not tried again by itself. */
  readonly nextAttemptAt: string | null;
  readonly testedAt: string | null;
  readonly warnings: readonly Text[];
  readonly steps: readonly StepLine[];
}

/** One thing that a mailbox still needs before it works, the next action first. */
export interface Missing {
  readonly key: string;
  /** `error`: a test cannot be tried, or did not succeed. `warning`: no mail is processed, or not safely. */
  readonly severity: 'error' | 'warning';
  /** null: both directions. */
  readonly channel: 'incoming' | 'outgoing' | null;
  readonly field: string | null;
  readonly text: Text;
}

/** What became of the last message that a mailbox was to send to itself: apart from the test, whose result stays. */
export interface TestMessageStatus extends TestMessageRow {
  readonly text: Text;
  /** What to do about it; null: nothing. */
  readonly advice: Text | null;
}

/** A mailbox with everything that bears on it: its profile, the settings, what is missing next. */
export interface MailboxStatus {
  readonly mailboxId: string;
  readonly organizationId: string;
  readonly kind: 'user' | 'queue' | 'forward';
  readonly regardingId: string | null;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: string;
  readonly name: string;
  readonly address: string | null;
  readonly active: boolean;
  readonly approval: 'empty' | 'pending' | 'approved' | 'rejected';
  /** False when the organization asks for no approval of this kind of mailbox. */
  readonly approvalRequired: boolean;
  /** Approved, or no approval required. */
  readonly approved: boolean;
  readonly profileId: string | null;
  readonly profileName: string | null;
  readonly userName: string | null;
  readonly hasSecret: boolean;
  /** When the mailbox's own secret stops working, as far as it is known. */
  readonly secretExpiresOn: string | null;
  readonly channels: Readonly<Record<'incoming' | 'outgoing' | 'act', ChannelStatus>>;
  readonly test: OpenTest | null;
  /** null: none was asked for. */
  readonly testMessage: TestMessageStatus | null;
  readonly missing: readonly Missing[];
  readonly processEmailFrom: string | null;
  readonly processEmailFromSource: string | null;
  readonly pollingMinutes: number | null;
  readonly registeredAt: string;
  readonly changedAt: string;
}
