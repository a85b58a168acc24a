import { randomUUID } from 'node:crypto';
import {
  type Aggregate,
  type CommandContext,
  count,
  defineEvent,
  EmailAddress,
  eventFamily,
  type EventOf,
  happened,
  instant,
  MailboxId,
  type NewEvent,
  nothingHappened,
  oneOf,
  OrganizationId,
  PrincipalId,
  rejected,
  StreamName,
} from '@mailroom/domain';
import * as t from 'io-ts';

const outcomes = ['passed', 'warning', 'failed'] as const;

/** Fifteen fields, none personal: what a check of a mailbox leaves behind, in about 360 bytes of JSON. */
const MailboxChecked = defineEvent(
  'MailboxChecked',
  t.strict({
    mailboxId: MailboxId,
    profile: t.string,
    test: t.string,
    checkedAt: instant,
    sender: EmailAddress,
    outcome: oneOf(...outcomes),
    host: t.string,
    port: count,
    attempt: count,
    milliseconds: count,
    messages: count,
    folder: t.string,
    greeting: t.string,
    encrypted: t.boolean,
    enabled: t.boolean,
  }),
);

/** Seven more types, so that a decoder has to look which one it is. */
const others = Array.from({ length: 7 }, (_, n) =>
  defineEvent(`MailboxNoted${n}`, t.strict({ mailboxId: MailboxId, text: t.string })),
);

export const events = eventFamily([MailboxChecked, ...others]);
export type Event = EventOf<typeof events>;
export type Checked = EventOf<typeof MailboxChecked>['data'];

/** What a fold remembers: thirteen fields, spread at each event, as people write it. */
export interface State {
  readonly mailboxId: MailboxId | null;
  readonly profile: string;
  readonly test: string;
  readonly checkedAt: Date | null;
  readonly sender: string;
  readonly outcome: Checked['outcome'] | null;
  readonly host: string;
  readonly port: number;
  readonly attempt: number;
  readonly failures: number;
  readonly messages: number;
  readonly enabled: boolean;
  readonly checks: number;
}

export const initialState: State = {
  mailboxId: null,
  profile: '',
  test: '',
  checkedAt: null,
  sender: '',
  outcome: null,
  host: '',
  port: 0,
  attempt: 0,
  failures: 0,
  messages: 0,
  enabled: false,
  checks: 0,
};

export const evolve = (state: State, event: Event): State => {
  if (event.type !== 'MailboxChecked') return state;
  const { mailboxId, profile, test, checkedAt, sender, outcome, host, port, attempt, messages, enabled } = event.data;
  const failures = outcome === 'failed' ? state.failures + 1 : 0;
  const seen = { mailboxId, profile, test, checkedAt, sender, outcome, host, port, attempt, messages, enabled };
  return { ...state, ...seen, failures, checks: state.checks + 1 };
};

export interface RecordCheck {
  readonly type: 'RecordCheck';
  readonly context: CommandContext;
  readonly input: unknown;
}

interface Refused {
  readonly _tag: 'NotAllowed' | 'InvalidInput' | 'TooOld';
}

/** Validates its input field by field, asks whether the actor may, and refuses what is older than what it knows. */
export const aggregate: Aggregate<RecordCheck, Event, State, Refused> = {
  name: 'benchmark',
  events,
  streamOf: ({ input }) => StreamName.orThrow(`mailbox-${(input as { readonly mailboxId: string }).mailboxId}`),
  decider: {
    initialState,
    decide: ({ context, input }, state) => {
      if (!context.actor.privileges.includes('mailboxes.test')) return rejected({ _tag: 'NotAllowed' });
      const decoded = events.decode({ type: 'MailboxChecked', schemaVersion: 1, data: input as never });
      if (decoded._tag === 'Left') return rejected({ _tag: 'InvalidInput' });
      const data = decoded.right.data as Checked;
      if (state.checkedAt !== null && data.checkedAt < state.checkedAt) return rejected({ _tag: 'TooOld' });
      return data.attempt === 0 ? nothingHappened : happened<Event>(MailboxChecked(data));
    },
    evolve,
  },
};

const organizationId = OrganizationId.orThrow('northwind-traders');

const context = (): CommandContext => {
  const commandId = randomUUID();
  return {
    commandId,
    actor: {
      kind: 'person',
      id: PrincipalId.orThrow('administrator-17'),
      organizationId,
      privileges: ['mailboxes.write', 'mailboxes.test'],
      teams: [],
    },
    correlationId: commandId,
    causationId: commandId,
    secureChannel: true,
    at: new Date(),
    traceparent: null,
  };
};

/** Input as it comes from outside: plain JSON. `attempt` 0 changes nothing. */
export const inputFor = (mailboxId: string, n: number, attempt = 1 + (n % 9)) => ({
  mailboxId,
  profile: 'Support mail of the northern region',
  test: `Test ${n} of the nightly run`,
  checkedAt: new Date(1_790_000_000_000 + n).toISOString(),
  sender: `support.${n % 100_000}@example.org`,
  outcome: outcomes[n % 3],
  host: 'mail.example.org',
  port: 993,
  attempt,
  milliseconds: n % 3000,
  messages: n % 500,
  folder: 'INBOX',
  greeting: '* OK ready',
  encrypted: true,
  enabled: n % 2 === 0,
});

export const command = (mailboxId: string, n: number, attempt?: number): RecordCheck => ({
  type: 'RecordCheck',
  context: context(),
  input: inputFor(mailboxId, n, attempt),
});

/** Events ready to append, all of one command. */
export const newEvents = (mailboxId: string, from: number, howMany: number): readonly NewEvent[] => {
  const { commandId, correlationId, causationId, actor } = context();
  const metadata = {
    commandId,
    correlationId,
    causationId,
    actorId: actor.id,
    actorKind: actor.kind,
    organizationId,
    command: 'RecordCheck',
  };
  return Array.from({ length: howMany }, (_, index) => ({
    id: randomUUID(),
    type: 'MailboxChecked',
    schemaVersion: 1,
    data: inputFor(mailboxId, from + index) as NewEvent['data'],
    metadata,
  }));
};

export const mailboxIds = (howMany: number): readonly string[] => Array.from({ length: howMany }, () => randomUUID());
