import type { Actor, CommandContext } from '../kernel/command.ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import * as Mailbox from '../mailbox/index.ts';
import {
  derivedId,
  EmailAddress,
  type MailChannel,
  mailboxIdOf,
  Name,
  personIdOf,
  ProfileId,
  type SecretRef,
  TestId,
  UserName,
} from '../values/index.ts';

// One mailbox, its profile, and the commands on it, for tests of the domain's own.

export const organizationId = OrganizationId.orThrow('contoso');
export const ada = PrincipalId.orThrow('ada');
export const mailboxId = mailboxIdOf(organizationId, 'user', ada);
export const personId = personIdOf(organizationId, 'user', ada);
export const profileId = ProfileId.orThrow(derivedId('sample', 'profile'));
export const otherProfileId = ProfileId.orThrow(derivedId('sample', 'other profile'));
const address = EmailAddress.orThrow('ada@example.org');
export const userName = UserName.orThrow('ada@example.org');
export const secret: SecretRef = { id: 'ada-password', version: 1 };
export const retries: Mailbox.Retries = { firstDelaySeconds: 300, attempts: 10, uncertainAttempts: 2 };

/** Minutes after nine. */
export const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 9, minute));
export const testId = (name: string): TestId => TestId.orThrow(derivedId('sample', 'test', name));

export const admin: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('grace'),
  organizationId,
  privileges: ['profiles.write', 'mailboxes.read', 'mailboxes.write', 'mailboxes.test', 'addresses.approve'],
  teams: [],
};

let commands = 0;
export const contextOf = (overrides: Partial<CommandContext> = {}): CommandContext => {
  commands += 1;
  const commandId = derivedId('sample', 'command', String(commands));
  return {
    commandId,
    actor: admin,
    correlationId: commandId,
    causationId: commandId,
    secureChannel: true,
    at: at(0),
    traceparent: null,
    ...overrides,
  };
};

const elsewhere: Actor = { ...admin, organizationId: OrganizationId.orThrow('fabrikam') };
/** The same person with every privilege, in another organization. */
export const fromElsewhere = (): CommandContext => contextOf({ actor: elsewhere });

export const facts = (overrides: Partial<Mailbox.ProfileFacts> = {}): Mailbox.ProfileFacts => ({
  profileId,
  organizationId,
  active: true,
  configuration: 1,
  processEmailFrom: null,
  ownCredentials: { incoming: true, outgoing: true },
  secretsCutOffAt: 0,
  secretsFollowedAt: 0,
  ...overrides,
});

export const register = (overrides: Partial<Mailbox.RegisterMailbox> = {}): Mailbox.RegisterMailbox => ({
  type: 'RegisterMailbox',
  context: contextOf(),
  mailboxId,
  personId,
  kind: 'user',
  regardingId: ada,
  ownerKind: 'user',
  ownerId: ada,
  name: Name.orThrow('Ada'),
  address,
  profile: facts(),
  incoming: 'serverSide',
  outgoing: 'serverSide',
  act: 'none',
  ...overrides,
});

export const registered = (overrides: Partial<ReturnType<typeof Mailbox.MailboxRegistered>['data']> = {}) =>
  Mailbox.MailboxRegistered({
    mailboxId,
    organizationId,
    personId,
    kind: 'user',
    regardingId: ada,
    ownerKind: 'user',
    ownerId: ada,
    name: Name.orThrow('Ada'),
    address,
    profileId,
    profileConfiguration: 1,
    profileProcessEmailFrom: null,
    incoming: 'serverSide',
    outgoing: 'serverSide',
    act: 'none',
    ...overrides,
  });

export const credentialsSet = Mailbox.MailboxCredentialsSet({
  mailboxId,
  personId,
  userName,
  secret,
  profileId,
  channels: ['incoming', 'outgoing'],
  expiresOn: null,
});

/** The mailbox counts one change of its configuration: its credentials. */
export const fingerprint: Mailbox.Fingerprint = { profileId, profileConfiguration: 1, mailboxConfiguration: 1 };

type Requested = ReturnType<typeof Mailbox.MailboxTestRequested>['data'];
export const testRequested = (name: string, overrides: Partial<Requested> = {}) =>
  Mailbox.MailboxTestRequested({
    mailboxId,
    testId: testId(name),
    runId: null,
    channels: ['incoming', 'outgoing'],
    trigger: 'person',
    attempt: 1,
    thisOrganizationOnly: false,
    ...overrides,
  });

export const succeeded = (name: string, channel: MailChannel) =>
  Mailbox.ChannelTestSucceeded({
    mailboxId,
    testId: testId(name),
    channel,
    ...fingerprint,
    steps: [],
    warnings: [],
  });

/** The incoming channel has failed for what passes by itself, and nothing else is due. */
export const channelFailed = (overrides: Partial<ReturnType<typeof Mailbox.ChannelTestFailed>['data']> = {}) =>
  Mailbox.ChannelTestFailed({
    mailboxId,
    testId: testId('first'),
    channel: 'incoming',
    ...fingerprint,
    steps: [],
    personId,
    kind: 'MailboxInUse',
    phase: 'session',
    disposition: 'transient',
    scope: 'mailbox',
    field: null,
    status: 'failure',
    adviceParams: '{}',
    serverText: null,
    attempt: 1,
    nextAttemptAt: null,
    ...overrides,
  });
export const enabled = (channel: MailChannel) => Mailbox.ChannelEnabled({ mailboxId, channel });
export const disabled = (channel: MailChannel, reason: 'testFailed' | 'retriesSpent' | 'invalidated' | 'rejected') =>
  Mailbox.ChannelDisabled({ mailboxId, channel, profileId, reason });
export const startedAt = (minute: number) =>
  Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(minute), source: 'firstEnable' });
export const completed = (name: string, outcome: 'succeeded' | 'failed' | 'superseded') =>
  Mailbox.MailboxTestCompleted({ mailboxId, testId: testId(name), runId: null, outcome });

/** A mailbox whose channels both work. */
export const working: readonly Mailbox.Event[] = [
  registered(),
  credentialsSet,
  testRequested('first'),
  succeeded('first', 'incoming'),
  enabled('incoming'),
  startedAt(0),
  succeeded('first', 'outgoing'),
  enabled('outgoing'),
  completed('first', 'succeeded'),
];

export const request = (
  name: string,
  overrides: Partial<Mailbox.RequestMailboxTest> = {},
): Mailbox.RequestMailboxTest => ({
  type: 'RequestMailboxTest',
  context: contextOf(),
  mailboxId,
  testId: testId(name),
  runId: null,
  channels: ['incoming', 'outgoing'],
  trigger: 'person',
  thisOrganizationOnly: false,
  testMessage: false,
  profile: facts(),
  ...overrides,
});

export const failureFound = (overrides: Partial<Mailbox.FoundFailure> = {}): Mailbox.FoundFailure => ({
  kind: 'InvalidCredentials',
  phase: 'auth',
  disposition: 'permanent',
  scope: 'mailbox',
  field: 'secret',
  adviceParams: {},
  serverText: null,
  retryAfterSeconds: null,
  ...overrides,
});

export const passed: Mailbox.RecordTestResult['outcome'] = { verdict: 'passed', warnings: [] };
export const failing = (overrides: Partial<Mailbox.FoundFailure> = {}): Mailbox.RecordTestResult['outcome'] => ({
  verdict: 'failed',
  failure: failureFound(overrides),
  tried: true,
});

export const record = (
  name: string,
  channel: MailChannel,
  outcome: Mailbox.RecordTestResult['outcome'],
  overrides: Partial<Mailbox.RecordTestResult> = {},
): Mailbox.RecordTestResult => ({
  type: 'RecordTestResult',
  context: contextOf(),
  mailboxId,
  testId: testId(name),
  channel,
  fingerprint,
  steps: [],
  outcome,
  retries,
  profile: facts(),
  ...overrides,
});
