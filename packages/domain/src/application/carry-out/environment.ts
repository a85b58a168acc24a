import type { CommandFailure, LoadFailure } from '../../kernel/aggregate.ts';
import type { OrganizationId } from '../../kernel/command.ts';
import type { Pause } from '../../kernel/patience.ts';
import type { Repository } from '../../kernel/execute.ts';
import type { DeploymentPolicy } from '../../settings/deployment.ts';
import type { EmailAddress, MailboxId, MailChannel, TestId } from '../../values/index.ts';
import type {
  AddressBook,
  AddressBookUnavailable,
  AddressDigest,
  AlertMailer,
  AlertMailUnavailable,
  Clock,
  MailProbe,
  SecretVault,
  StepName,
  StepStatus,
  TokenProvider,
  VaultUnavailable,
} from '../ports/index.ts';

interface OfCheck<Tag extends string> {
  readonly _tag: Tag;
  readonly mailboxId: MailboxId;
  readonly testId: TestId;
  readonly channel: MailChannel;
}

/** What goes on in a check, as it goes on: for people who watch. Never stored, never personal. */
export type CheckActivity =
  | OfCheck<'CheckStarted'>
  | (OfCheck<'StepStarted'> & { readonly step: StepName })
  | (OfCheck<'StepEnded'> & {
      readonly step: StepName;
      readonly status: StepStatus;
      readonly ms: number;
      readonly detail: string | null;
    })
  | (OfCheck<'CheckEnded'> & { readonly verdict: 'passed' | 'warning' | 'failed'; readonly kind: string | null });

/** How alert mail leaves. */
export interface AlertMailPorts {
  readonly mailer: AlertMailer;
  /** The host's directory; left out: a person is reached at the address of their own mailbox. */
  readonly addressBook?: AddressBook;
  /** Who is told when nobody knows an address of the owner, such as the operator. */
  readonly fallback?: readonly EmailAddress[];
}

/** For the operator of the installation alone: it names several organizations. */
export interface OperatorWarning {
  /** Mailboxes of several organizations collect one account, and take mail from each other. */
  readonly _tag: 'AccountShared';
  readonly readers: readonly { readonly organizationId: OrganizationId; readonly mailboxId: MailboxId }[];
}

/** What carrying out instructions works with. */
export interface CarryOutEnvironment {
  readonly repository: Repository;
  readonly vault: Pick<SecretVault, 'reveal'>;
  readonly probe: MailProbe;
  /** For accounts that are used by OAuth; absent: what the vault keeps is itself the token. */
  readonly tokens?: TokenProvider;
  readonly clock: Clock;
  readonly deployment: DeploymentPolicy;
  /** Left out: no alert mail leaves, and the history says so. */
  readonly alertMail?: AlertMailPorts;
  /** Hashes accounts, to find those that several organizations collect; left out: nobody looks. */
  readonly accounts?: AddressDigest;
  /** What the operator should know, once for each new case; what it throws is not caught. */
  readonly onWarning?: (warning: OperatorWarning) => void;
  /** Checks at the same time in all, shared fairly; default 64. */
  readonly checksAtOnce?: number;
  /**
   * So many checks in a row, with no success in between, have to fail on the way to a server before it is spared (the
   * checks of the next minutes then answer with what the last one found); default 3. `Infinity`: never.
   */
  readonly spareAfter?: number;
  /** How long a test message is waited for; default two minutes. */
  readonly testMessagePatienceMs?: number;
  /** Waits between two looks for a test message; default: with a timer. */
  readonly pause?: Pause;
  /** Told of every step of every check; what it throws is not caught. */
  readonly onProgress?: (activity: CheckActivity) => void;
}

/** A check ended without a result although nobody asked it to; it has to be tried again. */
export interface CheckAbandoned {
  readonly _tag: 'CheckAbandoned';
}

/** Another test of the mailbox is open, and not about the channel that has to be tried: first it has to end. */
export interface TestUnderWay {
  readonly _tag: 'TestUnderWay';
}

/** The world says no: the instruction is still owed, and has to be carried out again later. */
export type CarryOutFailure =
  | CommandFailure
  | LoadFailure
  | VaultUnavailable
  | CheckAbandoned
  | TestUnderWay
  | AlertMailUnavailable
  | AddressBookUnavailable;
