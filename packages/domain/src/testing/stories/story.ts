import type { CommandInput, CommandType } from '../../application/commands/command.ts';
import type { Privilege } from '../../kernel/command.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import type { DeploymentPolicy } from '../../settings/deployment.ts';
import { mailboxIdOf, MailboxId, ProfileId } from '../../values/index.ts';

/** One command in one situation. */
export interface Story<Type extends CommandType = CommandType> {
  /** What was done before, by an administrator, in this order; the name of each makes its id. */
  readonly given?: Readonly<Record<string, CommandInput>>;
  readonly when: CommandInput<Type>;
  /** Who gives it; default: the administrator. */
  readonly by?: { readonly id?: string; readonly organization?: string; readonly privileges?: readonly Privilege[] };
  readonly secureChannel?: boolean;
  readonly deployment?: Partial<DeploymentPolicy>;
}

/** Given, when, then for one command: accepted, repeated, and turned down by each of its rules. */
export interface CommandStories<Type extends CommandType = CommandType> {
  readonly accepted: Story<Type> & {
    /** The events that it leads to, in order. Given again under its id it leads to none. */
    readonly then: readonly string[];
    /** What the same wish under a new id comes to: these events, or this rejection. */
    readonly again: readonly string[] | string;
  };
  /** By rejection. What is wrong with the input, and a missing privilege, are the same for every command. */
  readonly refused: Readonly<Record<string, Story<Type>>>;
  /** Rejections that the code on its way knows and nobody who gives this command meets, with the reason. */
  readonly never: Readonly<Record<string, string>>;
}

/** The id of the command of this name. */
export const commandNamed = (name: string): string => derivedId('command', 'story', name);
/** The profile that the command of this name creates. */
const profileNamed = (name: string): ProfileId => ProfileId.orThrow(derivedId('profile', 'org-1', commandNamed(name)));
/** The mailbox of a user. */
export const mailboxFor = (user: string): MailboxId => mailboxIdOf('org-1', 'user', user);
/** The forward mailbox that the command of this name registers. */
export const forwardNamed = (name: string): MailboxId =>
  MailboxId.orThrow(derivedId('mailbox', 'org-1', 'forward', commandNamed(name)));

export const nowhere = {
  profileId: ProfileId.orThrow(derivedId('no profile')),
  mailboxId: MailboxId.orThrow(derivedId('no mailbox')),
  runId: derivedId('no run'),
} as const;

/** A profile on which each mailbox logs in with its own account. */
export const support = {
  type: 'CreateProfile',
  name: 'Support',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org' },
  outgoing: { host: 'smtp.example.org' },
} as const satisfies CommandInput<'CreateProfile'>;
export const profileId = profileNamed('support');

export const ada = {
  type: 'RegisterMailbox',
  kind: 'user',
  regardingId: 'ada',
  name: 'Ada',
  address: 'ada@example.org',
  profileId,
  incoming: 'serverSide',
  outgoing: 'serverSide',
  act: 'none',
} as const satisfies CommandInput<'RegisterMailbox'>;
export const mailboxId = mailboxFor('ada');

/** A profile, and a mailbox on it. */
export const both = { support, ada } as const;

const isNotTested = 'the command tests nothing';
/** Of the tests that other commands on many mailboxes come to. */
export const noRun = {
  TestRunNotFound: isNotTested,
  TestRunTooLarge: isNotTested,
  TestRunWithoutMailboxes: isNotTested,
} as const;
export const noTest = { ...noRun, MailboxDeactivated: isNotTested, NoChannelToTest: isNotTested } as const;
