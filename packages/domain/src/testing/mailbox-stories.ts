import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { replay } from '../kernel/decider.ts';
import * as Mailbox from '../mailbox/index.ts';
import { EmailAddress, type MailChannel, mailboxIdOf, type SecretRef, UserName } from '../values/index.ts';
import {
  ada,
  at,
  contextOf,
  facts,
  failureFound,
  mailboxId,
  otherProfileId,
  profileId,
  register,
  request,
  retries,
  testId,
} from './sample-mailbox.ts';

// What may be asked of one mailbox, in whatever order. A step is a command, made when its turn comes, because a result
// carries what was tested: the state as it was when the test began, or an older one.

type Step = (state: Mailbox.State, turn: number) => Mailbox.Command;
type Draft<Command = Mailbox.Command> = Command extends unknown ? Omit<Command, 'context' | 'mailboxId'> : never;

const asked = (turn: number, draft: Draft): Mailbox.Command => ({
  ...draft,
  mailboxId,
  context: contextOf({ at: at(turn) }),
});

const channel = fc.constantFrom<MailChannel>('incoming', 'outgoing');
const profile = fc
  .record({
    which: fc.constantFrom(profileId, otherProfileId),
    configuration: fc.integer({ min: 1, max: 4 }),
    secretsCutOffAt: fc.integer({ min: 0, max: 4 }),
    start: fc.option(fc.integer({ min: 0, max: 3 })),
  })
  .map(({ which, start, ...rest }) =>
    facts({ ...rest, profileId: which, processEmailFrom: start === null ? null : at(start) }),
  );
const maybeProfile = fc.option(profile);
/** A test seldom brings news of the profile. */
const seldomProfile = fc.option(profile, { freq: 2 }).chain((given) => fc.constantFrom(null, null, given));
const address = fc.constantFrom(null, EmailAddress.orThrow('ada@example.org'), EmailAddress.orThrow('al@example.org'));
const methods = fc.record(
  {
    incoming: fc.constantFrom('none', 'outlook', 'serverSide', 'forward'),
    outgoing: fc.constantFrom('none', 'outlook', 'serverSide'),
    act: fc.constantFrom('none', 'outlook', 'serverSide'),
  },
  { requiredKeys: [] },
);
const failure = fc.record({
  kind: fc.constantFrom('InvalidCredentials', 'Unknown', 'ClientBug', 'TargetNotAllowed', 'ConnectionRefused'),
  phase: fc.constantFrom('auth', 'connect'),
  disposition: fc.constantFrom('permanent', 'transient', 'uncertain', 'ours', 'warning'),
  scope: fc.constantFrom('mailbox', 'profile', 'system'),
});

const seldom = fc.integer({ min: 1, max: 10 }).map((drawn) => drawn === 1);
const testOf = (state: Mailbox.State) => (state._tag === 'Registered' ? state.test : null);

/** A result of the open test (or of another), with what is configured now or with something older. */
const result = fc
  .record({
    channel,
    failure: fc.option(failure, { freq: 2 }),
    late: seldom,
    lost: seldom,
    tried: fc.boolean(),
  })
  .map(({ channel: about, failure: found, late, lost, tried }): Step => {
    return (state, turn) => {
      const known = state._tag === 'Registered' ? state.profile : null;
      const configuration = state._tag === 'Registered' ? state.channels[about].configuration : 0;
      return asked(turn, {
        type: 'RecordTestResult',
        testId: lost ? testId('lost') : (testOf(state)?.testId ?? testId('none')),
        channel: about,
        fingerprint: {
          profileId: known?.profileId ?? null,
          profileConfiguration: known?.configuration ?? 0,
          mailboxConfiguration: late ? configuration - 1 : configuration,
        },
        steps: [],
        outcome:
          found === null
            ? { verdict: 'passed', warnings: [] }
            : { verdict: 'failed', failure: failureFound(found), tried },
        retries,
        profile: known === null ? null : facts({ profileId: known.profileId, configuration: known.configuration }),
      });
    };
  });

const test_ = fc
  .record({
    trigger: fc.constantFrom('person', 'bulk', 'retry', 'incident'),
    channels: fc.subarray<MailChannel>(['incoming', 'outgoing'], { minLength: 1 }),
    profile: seldomProfile,
    testMessage: seldom,
  })
  .map((given): Step => (_, turn) => ({ ...request(`turn ${turn}`, given), context: contextOf({ at: at(turn) }) }));

/** What became of the test message that is owed first, whether its test has ended or not. */
const messageReported = fc.constantFrom<Mailbox.TestMessageOutcome>('delivered', 'notFound', 'notSent').map(
  (outcome): Step =>
    (state, turn) =>
      asked(turn, {
        type: 'RecordTestMessage',
        testId: (state._tag === 'Registered' ? state.testMessages[0] : undefined) ?? testId('none'),
        outcome,
        kind: null,
        seconds: turn,
      }),
);

const secretOf = (version: number): SecretRef => ({ id: `secret ${version}`, version });

const draft = fc.oneof(
  fc.constantFrom<Draft>(
    { type: 'ApproveMailbox' },
    { type: 'RejectMailbox' },
    { type: 'ActivateMailbox' },
    { type: 'DeactivateMailbox', cause: 'asked' },
    { type: 'CancelMailboxTest', testId: null },
  ),
  fc
    .record({ profile: maybeProfile, secretMayFollow: fc.boolean() })
    .map((given): Draft => ({ type: 'AssignMailboxProfile', ...given })),
  profile.map((given): Draft => ({ type: 'ApplyProfileChange', profile: given })),
  address.map((given): Draft => ({ type: 'ChangeMailboxAddress', address: given })),
  methods.map((given): Draft => ({ type: 'SetMailboxMethods', methods: given })),
  fc
    .record({
      version: fc.integer({ min: 1, max: 3 }),
      expiresOn: fc.constantFrom(null, at(100)),
      profile: maybeProfile,
    })
    .map(({ version, expiresOn, profile: given }): Draft => ({
      type: 'SetMailboxCredentials',
      userName: UserName.orThrow('ada'),
      secret: secretOf(version),
      expiresOn,
      profile: given,
      insecureChannelAllowed: false,
    })),
  maybeProfile.map((given): Draft => ({ type: 'ClearMailboxCredentials', reason: 'asked', profile: given })),
  channel.map((given): Draft => ({ type: 'ResumeChannel', channel: given, profileId })),
);

/** The secret that is kept, or another one, stops working soon. */
const expiryAnnounced = fc.constantFrom(null, 1, 2).map((version): Step => (state, turn) => {
  const kept = state._tag === 'Registered' ? state.credentials?.secret : undefined;
  const secret = version === null && kept !== undefined ? kept : secretOf(version ?? 1);
  return asked(turn, { type: 'AnnounceMailboxCredentialsExpiry', secret });
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: result },
  { weight: 5, arbitrary: test_ },
  { weight: 1, arbitrary: messageReported },
  { weight: 1, arbitrary: expiryAnnounced },
  {
    weight: 3,
    arbitrary: draft.map(
      (given): Step =>
        (_, turn) =>
          asked(turn, given),
    ),
  },
);

const kind = fc.constantFrom('user', 'queue', 'forward');
const registration = kind.map((which): Mailbox.RegisterMailbox => {
  if (which === 'forward') return register({ kind: which, regardingId: null, outgoing: 'none' });
  return register({ kind: which, mailboxId: which === 'user' ? mailboxId : mailboxIdOf('contoso', which, ada) });
});

/** One command of a story, and what came of it. */
export interface Turn {
  readonly command: Mailbox.Command;
  readonly before: Mailbox.State;
  readonly events: readonly Mailbox.Event[];
  readonly after: Mailbox.State;
}

/** Gives the commands of a story, one after the other. */
export const play = (first: Mailbox.Command, steps: readonly Step[]): readonly Turn[] => {
  const turns: Turn[] = [];
  let state = Mailbox.decider.initialState;
  for (const [index, next] of [(): Mailbox.Command => first, ...steps].entries()) {
    const command = next(state, index);
    const decision = Mailbox.decider.decide(command, state);
    const events = E.isRight(decision) ? decision.right : [];
    const after = replay(Mailbox.decider, events, state);
    turns.push({ command, before: state, events, after });
    state = after;
  }
  return turns;
};

/** A registration, and what is asked afterwards. */
export const story = fc.tuple(registration, fc.array(step, { maxLength: 40, size: 'max' }));
