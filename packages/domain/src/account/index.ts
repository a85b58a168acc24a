import type { Aggregate } from '../kernel/aggregate.ts';
import type { CommandContext, OrganizationId } from '../kernel/command.ts';
import { type Decider, type Decision, happened, nothingHappened } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { MailboxId } from '../values/index.ts';
import { AccountCollected, AccountLeft, type Event, events } from './events.ts';

export { AccountCollected, AccountLeft, type Event, events } from './events.ts';

/** A mailbox, of the actor's organization, begins or ceases to collect the mail of an account. */
export interface Command {
  readonly type: 'CollectAccount' | 'LeaveAccount';
  readonly context: CommandContext;
  /** Keyed hash of host and login name: the same for every organization, and readable by none. */
  readonly digest: string;
  readonly mailboxId: MailboxId;
}

export interface Reader {
  readonly organizationId: OrganizationId;
  readonly mailboxId: MailboxId;
}

/** Who collects the account. */
export type State = readonly Reader[];

const decide = ({ type, context, mailboxId }: Command, state: State): Decision<Event, never> => {
  const { organizationId } = context.actor;
  const isReader = state.some((one) => one.organizationId === organizationId && one.mailboxId === mailboxId);
  if (type === 'LeaveAccount') {
    return isReader ? happened<Event>(AccountLeft({ organizationId, mailboxId })) : nothingHappened;
  }
  const shared = state.some((one) => one.organizationId !== organizationId);
  return isReader ? nothingHappened : happened<Event>(AccountCollected({ organizationId, mailboxId, shared }));
};

const evolve = (state: State, { type, data: { organizationId, mailboxId } }: Event): State => {
  const others = state.filter((one) => one.organizationId !== organizationId || one.mailboxId !== mailboxId);
  return type === 'AccountLeft' ? others : [...others, { organizationId, mailboxId }];
};

/** Who collects the mail of one account. Readers of one account take mail from each other. */
export const decider: Decider<Command, Event, State, never> = { initialState: [], decide, evolve };

/** The stream of an account. */
export const streamOf = (digest: string): StreamName => StreamName.orThrow(`account-${digest}`);

/** The readers of accounts, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, never> = {
  name: 'account',
  decider,
  events,
  streamOf: ({ digest }) => streamOf(digest),
};
