import type { CommandContext, OrganizationId, PrincipalId } from '../kernel/command.ts';
import type {
  EmailAddress,
  MailboxId,
  MailChannel,
  Name,
  PersonId,
  ProfileId,
  SecretRef,
  ServerText,
  TestId,
  TestRunId,
  UserName,
} from '../values/index.ts';
import type { MailboxKind, TestMessageOutcome, TestTrigger } from './events.ts';

/** What the mailbox has to know of a profile. Every profile is POP3 or IMAP with SMTP. */
export interface ProfileFacts {
  readonly profileId: ProfileId;
  readonly organizationId: OrganizationId;
  readonly active: boolean;
  /** Counts the versions of the profile's connection and credentials. */
  readonly configuration: number;
  readonly processEmailFrom: Date | null;
  /** Whether each direction logs in with the mailbox's own credentials; null: the profile has no such direction. */
  readonly ownCredentials: { readonly incoming: boolean | null; readonly outgoing: boolean | null };
  /** The configuration that last changed a host; mailboxes' own secrets entered before it must not go there. 0: none did. */
  readonly secretsCutOffAt: number;
  /** The configuration that last changed a host and took the secrets along, confirmed by somebody with that right. 0: none. */
  readonly secretsFollowedAt: number;
}

export interface Methods {
  readonly incoming: 'none' | 'outlook' | 'serverSide' | 'forward';
  readonly outgoing: 'none' | 'outlook' | 'serverSide';
  readonly act: 'none' | 'outlook' | 'serverSide';
}

export interface Owner {
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: PrincipalId;
}

interface OnMailbox<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  readonly mailboxId: MailboxId;
}

/** The organization is that of the actor. `regardingId`: the user or queue; null exactly for a forward mailbox. */
export interface RegisterMailbox extends OnMailbox<'RegisterMailbox'>, Owner, Methods {
  readonly personId: PersonId;
  readonly kind: MailboxKind;
  readonly regardingId: PrincipalId | null;
  readonly name: Name;
  readonly address: EmailAddress | null;
  readonly profile: ProfileFacts | null;
}

/** Puts the mailbox on a profile (null: on none). Earlier results of both channels become stale. */
export interface AssignMailboxProfile extends OnMailbox<'AssignMailboxProfile'> {
  readonly profile: ProfileFacts | null;
  /** Only a mailbox that is (still) on this profile is meant. */
  readonly from?: ProfileId;
  /**
   * The mailbox's own secret may go to this profile's servers: they are the same hosts, or somebody with the right to
   * reuse secrets confirmed it. Otherwise a secret that was entered for another profile is cleared.
   */
  readonly secretMayFollow: boolean;
}

/** Methods that are not given stay as they are. */
export interface SetMailboxMethods extends OnMailbox<'SetMailboxMethods'> {
  readonly methods: Partial<Methods>;
}

export interface ChangeMailboxAddress extends OnMailbox<'ChangeMailboxAddress'> {
  readonly address: EmailAddress | null;
}

export interface RenameMailbox extends OnMailbox<'RenameMailbox'> {
  readonly name: Name;
}

/** The secret is in the vault already; the command carries the reference. */
export interface SetMailboxCredentials extends OnMailbox<'SetMailboxCredentials'> {
  readonly userName: UserName;
  readonly secret: SecretRef;
  /** When the secret stops working, as far as that is known. */
  readonly expiresOn?: Date | null | undefined;
  /** The profile the mailbox is on; null: on none. */
  readonly profile: ProfileFacts | null;
  /** Deployment: AllowCredentialsEntryViaNonSecureChannels. */
  readonly insecureChannelAllowed: boolean;
}

/** The mailbox's own secret stops working soon: the people behind the mailbox have to be told. */
export interface AnnounceMailboxCredentialsExpiry extends OnMailbox<'AnnounceMailboxCredentialsExpiry'> {
  readonly secret: SecretRef;
}

export interface ClearMailboxCredentials extends OnMailbox<'ClearMailboxCredentials'> {
  readonly reason: 'asked' | 'hostChanged' | 'notAllowed';
  readonly profile: ProfileFacts | null;
}

export type ApproveMailbox = OnMailbox<'ApproveMailbox'>;
export type RejectMailbox = OnMailbox<'RejectMailbox'>;
export type ActivateMailbox = OnMailbox<'ActivateMailbox'>;

export interface DeactivateMailbox extends OnMailbox<'DeactivateMailbox'> {
  readonly cause: 'asked' | 'ownerDisabled';
}

export interface ChangeMailboxOwner extends OnMailbox<'ChangeMailboxOwner'>, Owner {}

/** Process Email From of the mailbox itself; null: the profile's value counts again. */
export interface SetMailboxProcessingStart extends OnMailbox<'SetMailboxProcessingStart'> {
  readonly processEmailFrom: Date | null;
  /** The profile the mailbox is on; null: on none. */
  readonly profile: ProfileFacts | null;
}

/** Test & Enable of one mailbox: those of `channels` whose method is server-side. */
export interface RequestMailboxTest extends OnMailbox<'RequestMailboxTest'> {
  readonly testId: TestId;
  readonly runId: TestRunId | null;
  readonly channels: readonly MailChannel[];
  /** `retry` tests only channels that still wait for one; `incident` only those that a trouble of the profile stopped. */
  readonly trigger: TestTrigger;
  readonly thisOrganizationOnly: boolean;
  /** Afterwards, a real message from the mailbox to itself. */
  readonly testMessage: boolean;
  /** The profile the mailbox is on, whatever state it is in; null: on none. */
  readonly profile: ProfileFacts | null;
}

/** A failure as a check found it, in the form in which it is recorded. */
export interface FoundFailure {
  readonly kind: string;
  readonly phase: string;
  readonly disposition: 'permanent' | 'transient' | 'uncertain' | 'warning' | 'ours';
  readonly scope: 'mailbox' | 'profile' | 'system';
  readonly field: string | null;
  readonly adviceParams: Readonly<Record<string, string | number>>;
  readonly serverText: ServerText | null;
  /** The server's own hint, in seconds. */
  readonly retryAfterSeconds: number | null;
}

/** What a result is a result of. */
export interface Fingerprint {
  readonly profileId: ProfileId | null;
  readonly profileConfiguration: number;
  readonly mailboxConfiguration: number;
}

export interface TestedStep {
  readonly step: string;
  readonly status: 'passed' | 'warning' | 'failed' | 'notRun';
  readonly ms: number;
}

/** How often passing trouble is tried again: the deployment's plan. */
export interface Retries {
  readonly firstDelaySeconds: number;
  readonly attempts: number;
  readonly uncertainAttempts: number;
}

/** What the check of one channel found. */
export interface RecordTestResult extends OnMailbox<'RecordTestResult'> {
  readonly testId: TestId;
  readonly channel: MailChannel;
  readonly fingerprint: Fingerprint;
  readonly steps: readonly TestedStep[];
  readonly outcome:
    | { readonly verdict: 'passed'; readonly warnings: readonly string[] }
    /** `tried` false: nothing was sent, because the server is known to be in trouble; it does not count as an attempt. */
    | { readonly verdict: 'failed'; readonly failure: FoundFailure; readonly tried: boolean };
  readonly retries: Retries;
  /** The mailbox's profile as it stands when the result is recorded; null: none, or it is gone. */
  readonly profile: ProfileFacts | null;
}

/** What became of the test message of this test. */
export interface RecordTestMessage extends OnMailbox<'RecordTestMessage'> {
  readonly testId: TestId;
  readonly outcome: TestMessageOutcome;
  readonly kind: string | null;
  readonly seconds: number;
}

/** Ends an open test. `testId` null: whichever is open. */
export interface CancelMailboxTest extends OnMailbox<'CancelMailboxTest'> {
  readonly testId: TestId | null;
}

/** The mailbox's profile has changed: what was found with an older configuration is stale. */
export interface ApplyProfileChange extends OnMailbox<'ApplyProfileChange'> {
  readonly profile: ProfileFacts;
}

/** The incident is over: a check through the same profile succeeded. */
export interface ResumeChannel extends OnMailbox<'ResumeChannel'> {
  readonly channel: MailChannel;
  readonly profileId: ProfileId;
}

export type Command =
  | RegisterMailbox
  | AssignMailboxProfile
  | SetMailboxMethods
  | ChangeMailboxAddress
  | RenameMailbox
  | SetMailboxCredentials
  | AnnounceMailboxCredentialsExpiry
  | ClearMailboxCredentials
  | ApproveMailbox
  | RejectMailbox
  | ActivateMailbox
  | DeactivateMailbox
  | ChangeMailboxOwner
  | SetMailboxProcessingStart
  | RequestMailboxTest
  | RecordTestResult
  | RecordTestMessage
  | CancelMailboxTest
  | ApplyProfileChange
  | ResumeChannel;
