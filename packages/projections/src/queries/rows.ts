import type { Text } from '@mailroom/domain';
import type { OpenTest, StepLine, TestMessageRow } from '../views/mailbox-row.ts';
import type { TestRunRow } from '../views/test-runs.ts';

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

/** One server of a profile, with the port in effect and whether it was chosen. */
export interface EndpointStatus {
  readonly host: string;
  readonly port: number;
  readonly portSource: 'automatic' | 'chosen';
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly authentication: string;
  readonly credentials: string;
}

/** A profile with its servers and the health of its mailboxes. */
export interface ProfileStatus {
  readonly profileId: string;
  readonly organizationId: string;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly serverType: string;
  readonly active: boolean;
  readonly incoming: EndpointStatus | null;
  readonly outgoing: EndpointStatus | null;
  readonly sameSettingsForOutgoing: boolean;
  readonly loginTemplate: string | null;
  readonly folderTemplate: string | null;
  readonly configuration: number;
  readonly incomingUserName: string | null;
  readonly outgoingUserName: string | null;
  readonly hasIncomingSecret: boolean;
  readonly hasOutgoingSecret: boolean;
  /** When they stop working, as far as it is known. */
  readonly incomingSecretExpiresOn: string | null;
  readonly outgoingSecretExpiresOn: string | null;
  readonly processEmailFrom: string | null;
  readonly minimumPollingMinutes: number;
  readonly maximumConnections: number;
  readonly connectionTimeLimitMs: number | null;
  readonly alertMail: boolean;
  /** Mailboxes on it, and how many of them have a channel that fails or is paused. */
  readonly mailboxes: number;
  readonly mailboxesWithFailures: number;
  readonly changedAt: string;
}

/** What fails in the same way at the same server, whatever mailboxes it hits. */
export interface FailureGroup {
  /** Names the group; stable while anything of it fails. */
  readonly failureKey: string;
  readonly organizationId: string;
  /** null: the mailboxes are on no profile any more. */
  readonly profileId: string | null;
  readonly profileName: string | null;
  readonly channel: 'incoming' | 'outgoing' | 'act';
  /** The server, with the port in effect; null: the profile has none for this channel. */
  readonly endpoint: {
    readonly protocol: 'imap' | 'pop3' | 'smtp';
    readonly host: string;
    readonly port: number;
  } | null;
  readonly kind: string;
  readonly disposition: 'permanent' | 'transient' | 'uncertain' | 'warning' | 'ours';
  readonly scope: 'mailbox' | 'profile' | 'system';
  /** Active mailboxes, of those the actor may see, in which it fails now. */
  readonly mailboxes: number;
  /** Of them, those that worked before and wait for the incident to end. */
  readonly paused: number;
  /** ISO; when the first of them began to fail in this way. */
  readonly since: string;
  /** ISO; the newest test that failed so. */
  readonly newest: string;
  /** ISO; the first that is tried again by itself; null: none is. */
  readonly nextAttemptAt: string | null;
}

/** One alert, as it stands on a wall or a record. */
export interface AlertLine {
  /** Names the problem on its object: stable while it recurs. Dismiss by it. */
  readonly alertKey: string;
  readonly organizationId: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly kind: string;
  readonly about: { readonly kind: 'mailbox' | 'profile' | 'system'; readonly id: string; readonly label: string };
  /** Ids of the principals on whose wall it shows. */
  readonly for: readonly string[];
  /** The channel it is about; null: the whole object. */
  readonly channel: 'incoming' | 'outgoing' | null;
  readonly text: Text;
  /** ISO; null: it is not tried again by itself. */
  readonly nextAttemptAt: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly open: boolean;
}

/** One field that an event changed. null: there was no value, or is none now. */
export interface HistoryChange {
  /** Such as `address` or `channels.incoming.enabled`. */
  readonly field: string;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
}

/** The event that made Mailroom act by itself. */
export interface HistoryCause {
  readonly id: string;
  readonly type: string;
  readonly subject: HistoryLine['subject'];
  readonly subjectId: string;
  readonly at: string;
  readonly actorId: string;
}

/** One line of the audit trail: who, when, by which command, what changed, and why. */
export interface HistoryLine {
  readonly id: string;
  readonly position: string;
  readonly organizationId: string;
  readonly at: string;
  readonly actorId: string;
  readonly actorKind: 'person' | 'system';
  readonly command: string;
  readonly type: string;
  readonly subject: 'mailbox' | 'profile' | 'settings' | 'alerts' | 'testRun' | 'audit' | 'person' | 'account';
  readonly subjectId: string;
  /** What people called the record then; null: it has no name. */
  readonly subjectName: string | null;
  readonly text: Text;
  /** Old and new values of the record's fields. */
  readonly changes: readonly HistoryChange[];
  /** The reason that was recorded with the event; null: it needs none, or none was given. */
  readonly why: Text | null;
  readonly correlationId: string;
  /** Id of the event that an automatic actor answered; of the command itself where a person acted. */
  readonly causationId: string;
  /** The event of `causationId`; null where a person acted, or where it has not been looked up. */
  readonly cause: HistoryCause | null;
}

/** The settings of an organization, with the defaults where it has set nothing. */
export interface SettingsStatus {
  readonly organizationId: string;
  readonly defaultProfileId: string | null;
  readonly incoming: string;
  readonly outgoing: string;
  readonly act: string;
  readonly approvalRequiredForUsers: boolean;
  readonly approvalRequiredForQueues: boolean;
  readonly alertErrors: boolean;
  readonly alertWarnings: boolean;
  readonly alertInformation: boolean;
  readonly notifyMailboxOwner: boolean;
}

/** Test & Enable of many mailboxes: how far it has come. */
export type TestRunStatus = TestRunRow;

/** Each view that can be queried, and what its rows look like. */
export interface ViewRows {
  readonly mailboxes: MailboxStatus;
  readonly profiles: ProfileStatus;
  readonly settings: SettingsStatus;
  /** Runs the actor started; administrators: all of the organization. Newest first. */
  readonly testRuns: TestRunStatus;
  /** The wall of the actor: what is for them (administrators: what is for anybody of their organization with `list: 'all'`). */
  readonly alerts: AlertLine;
  /** What fails now in the mailboxes that the actor may see, by server and kind. Most mailboxes first. */
  readonly failures: FailureGroup;
  readonly history: HistoryLine;
}
/** A view that can be queried. */
export type QueryableView = keyof ViewRows;
