import type { CommandContext } from '../../kernel/command.ts';
import { replay } from '../../kernel/decider.ts';
import type { Rejection } from '../../kernel/rejection.ts';
import type { Text } from '../../kernel/text.ts';
import * as Mailbox from '../../mailbox/index.ts';
import { derivedId, type MailboxId, type TestId } from '../../values/index.ts';

/** The steps that a bulk command takes on one mailbox, in order, or why it takes none. */
export type Plan =
  | {
      readonly _tag: 'Steps';
      readonly steps: readonly Mailbox.Command[];
      /** Comes after the steps, and leaves them done when it is turned down. */
      readonly test: Mailbox.RequestMailboxTest | null;
      readonly notes: readonly Text[];
    }
  | { readonly _tag: 'Refused'; readonly rejection: Rejection };

/** What a mailbox has that a bulk command may change. Names and addresses are for who may see them: views show them. */
interface Configured {
  readonly profileId: string | null;
  readonly incoming: string;
  readonly outgoing: string;
  readonly act: string;
  readonly approval: string;
  readonly hasSecret: boolean;
  /** Process Email From as it takes effect, an ISO instant; null: from the first enabling, which has not come yet. */
  readonly processEmailFrom: string | null;
}

const configuredOf = (mailbox: Mailbox.Registered): Configured => ({
  profileId: mailbox.profile?.profileId ?? null,
  incoming: mailbox.channels.incoming.method,
  outgoing: mailbox.channels.outgoing.method,
  act: mailbox.act,
  approval: mailbox.approval,
  hasSecret: mailbox.credentials !== null,
  processEmailFrom: mailbox.start.processEmailFrom?.toISOString() ?? null,
});

/** The result of a bulk command for one mailbox. */
export interface MailboxOutcome {
  readonly mailboxId: MailboxId;
  /** `skipped`: not concerned, for the reason in `text`. `rejected`: the domain says no, for the reason in `text`. */
  readonly outcome: 'changed' | 'unchanged' | 'rejected' | 'skipped';
  readonly text: Text;
  readonly rejection: Rejection | null;
  /** The test that was started; null when none was. */
  readonly testId: TestId | null;
  readonly notes: readonly Text[];
  /** What changes, old and new. */
  readonly changes: readonly Change[];
  /** Channels that had worked and have to be tested again. */
  readonly losesSuccess: readonly ('incoming' | 'outgoing')[];
}

/** One field of a mailbox that changes, with old and new value. */
export interface Change {
  readonly field: keyof Configured;
  readonly from: string | boolean | null;
  readonly to: string | boolean | null;
}

/** What a step led to, or would lead to. */
export interface Foreseen {
  readonly state: Mailbox.Registered;
  readonly events: readonly Mailbox.Event[];
  readonly rejection: Rejection | null;
}

/** What these steps would lead to: nothing is written. Stops at the first that is turned down. */
export const foresee = (state: Mailbox.Registered, steps: readonly Mailbox.Command[]): Foreseen => {
  let current = state;
  const events: Mailbox.Event[] = [];
  for (const step of steps) {
    const decision = Mailbox.decider.decide(step, current);
    if (decision._tag === 'Left') return { state: current, events, rejection: decision.left };
    events.push(...decision.right);
    current = replay<Mailbox.Event, Mailbox.State>(Mailbox.decider, decision.right, current) as Mailbox.Registered;
  }
  return { state: current, events, rejection: null };
};

export const changesBetween = (before: Mailbox.Registered, after: Mailbox.Registered): readonly Change[] => {
  const from = configuredOf(before);
  const to = configuredOf(after);
  return (Object.keys(from) as (keyof Configured)[])
    .filter((field) => from[field] !== to[field])
    .map((field) => ({ field, from: from[field], to: to[field] }));
};

export const lostSuccesses = (
  before: Mailbox.Registered,
  events: readonly Mailbox.Event[],
): readonly ('incoming' | 'outgoing')[] =>
  (['incoming', 'outgoing'] as const).filter(
    (channel) =>
      before.channels[channel].status === 'success' &&
      events.some(({ type, data }) => type === 'ChannelTestInvalidated' && data.channel === channel),
  );

/** The context of one step on one mailbox. Derived, so that a repeat of the whole command repeats each step. */
export const stepContext = (parent: CommandContext, mailboxId: MailboxId, step: string): CommandContext => ({
  ...parent,
  commandId: derivedId('command', parent.commandId, mailboxId, step),
  causationId: parent.commandId,
});
