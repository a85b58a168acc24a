import type { OrganizationId, PrincipalId } from '../kernel/command.ts';
import type { Erased } from '../kernel/personal.ts';
import type {
  EmailAddress,
  MailboxId,
  MailChannel,
  Name,
  PersonId,
  ProfileId,
  SecretRef,
  TestId,
  TestRunId,
  UserName,
} from '../values/index.ts';
import type { Methods } from './commands.ts';
import type { MailboxKind, StartSource, TestTrigger } from './events.ts';

/** What `decide` needs to remember of a mailbox. Screens read views, never this. */
export type State = NotRegistered | Registered;

export interface NotRegistered {
  readonly _tag: 'NotRegistered';
}

export interface Registered {
  readonly _tag: 'Registered';
  readonly mailboxId: MailboxId;
  readonly organizationId: OrganizationId;
  readonly personId: PersonId;
  readonly kind: MailboxKind;
  readonly regardingId: PrincipalId | null;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: PrincipalId;
  readonly name: Name | Erased;
  readonly address: EmailAddress | Erased | null;
  /** The one before: whoever changed it may have been interrupted before it was free for others. */
  readonly formerAddress: EmailAddress | Erased | null;
  readonly approval: 'empty' | 'pending' | 'approved' | 'rejected';
  readonly active: boolean;
  readonly profile: SeenProfile | null;
  /** `profileId`: for whose servers they were entered, or last allowed. */
  readonly credentials: {
    readonly userName: UserName | Erased;
    readonly secret: SecretRef;
    readonly profileId: ProfileId | null;
    /** When the secret stops working, until that has been announced; null: not known, or it was. */
    readonly expiryToAnnounce: Date | null;
  } | null;
  /** Process Email From as it takes effect; null: from the first enabling, which has not come yet. */
  readonly start: { readonly processEmailFrom: Date | null; readonly source: StartSource };
  readonly act: Methods['act'];
  readonly channels: Readonly<Record<MailChannel, ChannelState>>;
  readonly test: OpenTest | null;
  /** Tests, open or ended, whose test message has not been reported yet. */
  readonly testMessages: readonly TestId[];
  /** The test that was cancelled last, as long as results of it may still come in. */
  readonly cancelled: {
    readonly testId: TestId;
    readonly remaining: readonly MailChannel[];
    readonly because: Because;
  } | null;
}

type Because = 'configurationChanged' | 'cancelled' | 'deactivated';

/** The profile, as far as its changes have reached this mailbox. */
export interface SeenProfile {
  readonly profileId: ProfileId;
  readonly configuration: number;
  readonly processEmailFrom: Date | null;
}

export interface ChannelState {
  readonly method: Methods['incoming'];
  readonly status: 'notRun' | 'success' | 'failure';
  readonly enabled: boolean;
  readonly paused: boolean;
  /** It succeeded at least once with what is configured now. */
  readonly worked: boolean;
  /** Counts what was changed in this mailbox that matters to the channel: part of the fingerprint of a test. */
  readonly configuration: number;
  /** Scope of the failure that was found last; null when there is none. */
  readonly failureScope: 'mailbox' | 'profile' | 'system' | null;
  /** Tries of the same problem so far. */
  readonly attempt: number;
  readonly nextAttemptAt: Date | null;
}

export interface OpenTest {
  readonly testId: TestId;
  readonly runId: TestRunId | null;
  readonly channels: readonly MailChannel[];
  /** Channels whose result has not come yet. */
  readonly remaining: readonly MailChannel[];
  readonly succeeded: readonly MailChannel[];
  readonly failed: readonly MailChannel[];
  readonly trigger: TestTrigger;
}

export const initialState: State = { _tag: 'NotRegistered' };

/** The channels that a test can reach, in the order in which they are shown. */
export const mailChannels: readonly MailChannel[] = ['incoming', 'outgoing'];
