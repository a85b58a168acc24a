import * as Address from '../../address/index.ts';
import * as Mailbox from '../../mailbox/index.ts';
import * as TestRun from '../../test-run/index.ts';
import type { Decision } from '../../kernel/decider.ts';
import type { Rejection } from '../../kernel/rejection.ts';
import { derivedId, MailboxId, mailboxIdOf, TestRunId } from '../../values/index.ts';
import * as profiles from '../profiles.ts';
import {
  contextOf,
  facts,
  fromElsewhere,
  mailboxId,
  organizationId,
  passed,
  profileId,
  record,
  register,
  registered,
  request,
  secret,
  testId,
} from '../sample-mailbox.ts';
import { specificationOf } from '../specification.ts';

type Refusal = () => Decision<unknown, Rejection>;

const mailbox = specificationOf(Mailbox.decider);
const run = specificationOf(TestRun.decider);
const address = specificationOf(Address.decider);

const common = { context: contextOf(), mailboxId };
const assign: Mailbox.Command = {
  ...common,
  type: 'AssignMailboxProfile',
  profile: facts(),
  secretMayFollow: false,
};
const setMethods: Mailbox.Command = { ...common, type: 'SetMailboxMethods', methods: { act: 'serverSide' } };
const inUse = mailbox.given(registered());
/** There is no such mailbox. */
const ofNobody =
  (command: Mailbox.Command): Refusal =>
  () =>
    mailbox.given().when(command).decision;
const onOne =
  (command: Mailbox.Command): Refusal =>
  () =>
    inUse.when(command).decision;

const runId = TestRunId.orThrow(derivedId('sample', 'run'));
const asked = {
  runId,
  mailboxIds: [mailboxId],
  skipped: [],
  profileId,
  channels: ['incoming'],
  thisOrganizationOnly: false,
  testMessage: false,
} as const;
const requestRun: TestRun.RequestTestRun = { type: 'RequestTestRun', context: contextOf(), ...asked };
const requested = TestRun.TestRunRequested({ organizationId, requestedBy: contextOf().actor.id, ...asked });
const noRun =
  (command: TestRun.Command): Refusal =>
  () =>
    run.given().when(command).decision;
const tooMany = Array.from({ length: 20_001 }, (_, index) => mailboxIdOf('org-1', 'user', String(index)));

const claim = {
  type: 'ClaimAddress',
  context: contextOf(),
  organizationId,
  digest: 'digest',
  abandonedBy: null,
} as const;
const held = Address.AddressClaimed({
  organizationId,
  mailboxId: MailboxId.orThrow(derivedId('mailbox', 'bob')),
  claimedAt: claim.context.at,
});

/**
 * The rules of commands that no host gives, and those that a host never meets, by command and rejection: what Mailroom
 * asks of an aggregate itself is turned down all the same where it does not hold.
 */
export const aggregateStories: Readonly<Record<string, Readonly<Record<string, Refusal>>>> = {
  CreateProfile: {
    ProfileAlreadyExists: () => profiles.given(...profiles.after(profiles.create())).when(profiles.create()).decision,
    HostMissing: () => profiles.given().when(profiles.create({ incoming: {} })).decision,
  },
  SetProfileCredentials: {
    SecretOutdated: () =>
      profiles.given(...profiles.after(profiles.create(profiles.shared))).when(profiles.credentials('incoming', 2))
        .decision,
  },
  AnnounceProfileCredentialsExpiry: {
    ProfileNotFound: () =>
      profiles.given().when({
        type: 'AnnounceProfileCredentialsExpiry',
        context: profiles.context,
        profileId: profiles.profileId,
        channel: 'incoming',
        secret: profiles.credentials().secret,
      }).decision,
  },
  AnnounceMailboxCredentialsExpiry: {
    MailboxNotFound: ofNobody({ ...common, type: 'AnnounceMailboxCredentialsExpiry', secret }),
  },
  RegisterMailbox: {
    MailboxNotFound: onOne(register({ context: fromElsewhere() })),
    MailboxIdMismatch: () =>
      mailbox.given().when(register({ mailboxId: MailboxId.orThrow(derivedId('another')) })).decision,
  },
  AssignMailboxProfile: {
    MailboxNotFound: ofNobody(assign),
    ProfileNotFound: onOne({
      ...assign,
      profile: facts({ organizationId: fromElsewhere().actor.organizationId }),
    }),
    ActNotSupported: () => mailbox.given(registered({ profileId: null, act: 'serverSide' })).when(assign).decision,
  },
  SetMailboxMethods: {
    MailboxNotFound: ofNobody(setMethods),
    ActNotSupported: onOne(setMethods),
    MethodNotAllowed: () => mailbox.given(registered({ kind: 'queue', profileId: null })).when(setMethods).decision,
  },
  RequestMailboxTest: {
    MailboxNotFound: ofNobody(request('first')),
    MailboxDeactivated: () =>
      mailbox
        .given(registered(), Mailbox.MailboxDeactivated({ mailboxId, profileId, cause: 'asked' }))
        .when(request('first')).decision,
    NoChannelToTest: () =>
      mailbox.given(registered({ incoming: 'none', outgoing: 'none' })).when(request('first')).decision,
  },
  RecordTestResult: { MailboxNotFound: ofNobody(record('first', 'incoming', passed)) },
  RecordTestMessage: {
    MailboxNotFound: ofNobody({
      ...common,
      type: 'RecordTestMessage',
      testId: testId('first'),
      outcome: 'delivered',
      kind: null,
      seconds: 1,
    }),
  },
  CancelMailboxTest: { MailboxNotFound: ofNobody({ ...common, type: 'CancelMailboxTest', testId: null }) },
  ApplyProfileChange: { MailboxNotFound: ofNobody({ ...common, type: 'ApplyProfileChange', profile: facts() }) },
  ResumeChannel: {
    MailboxNotFound: ofNobody({ ...common, type: 'ResumeChannel', channel: 'incoming', profileId }),
  },
  RequestTestRun: {
    TestRunNotFound: () => run.given(requested).when({ ...requestRun, context: fromElsewhere() }).decision,
    TestRunWithoutMailboxes: noRun({ ...requestRun, mailboxIds: [] }),
    TestRunTooLarge: noRun({ ...requestRun, mailboxIds: tooMany }),
  },
  StartTestRun: {
    TestRunNotFound: noRun({ type: 'StartTestRun', context: contextOf(), runId, tests: 1, skipped: [] }),
  },
  CancelTestRun: { TestRunNotFound: noRun({ type: 'CancelTestRun', context: contextOf(), runId }) },
  CompleteTestRun: { TestRunNotFound: noRun({ type: 'CompleteTestRun', context: contextOf(), runId }) },
  ClaimAddress: { AddressTaken: () => address.given(held).when({ ...claim, mailboxId }).decision },
};
