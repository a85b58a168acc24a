import * as t from 'io-ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { personal } from '../kernel/personal.ts';
import {
  Channel,
  count,
  EmailAddress,
  instant,
  MailboxId,
  MailChannel,
  Name,
  nullable,
  oneOf,
  PersonId,
  ProfileId,
  SecretRef,
  ServerText,
  TestId,
  TestRunId,
  UserName,
} from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// Hot events (tests, channels) carry ids only; a server's words are personal, because they quote addresses.

export const MailboxKind = oneOf('user', 'queue', 'forward');
export type MailboxKind = t.TypeOf<typeof MailboxKind>;

const methods = {
  incoming: oneOf('none', 'outlook', 'serverSide', 'forward'),
  outgoing: oneOf('none', 'outlook', 'serverSide'),
  act: oneOf('none', 'outlook', 'serverSide'),
};
const owner = { ownerKind: oneOf('user', 'team'), ownerId: PrincipalId };

/** A mailbox exists, active, with an address that waits for approval (or none). Its channels are disabled. */
export const MailboxRegistered = defineEvent(
  'MailboxRegistered',
  t.strict({
    mailboxId: MailboxId,
    organizationId: OrganizationId,
    personId: PersonId,
    kind: MailboxKind,
    /** The user or queue it belongs to; null for a forward mailbox. */
    regardingId: nullable(PrincipalId),
    ...owner,
    name: personal(Name),
    address: personal(nullable(EmailAddress)),
    profileId: nullable(ProfileId),
    ...methods,
  }),
);

/** The mailbox is on this profile now (null: on none). `processEmailFrom` is the effective start at this moment. */
export const MailboxProfileAssigned = defineEvent(
  'MailboxProfileAssigned',
  t.strict({ mailboxId: MailboxId, profileId: nullable(ProfileId), processEmailFrom: nullable(instant) }),
);

export const MailboxMethodsChanged = defineEvent(
  'MailboxMethodsChanged',
  t.strict({ mailboxId: MailboxId, ...methods }),
);

/** The address changed and waits for approval again. */
export const MailboxAddressChanged = defineEvent(
  'MailboxAddressChanged',
  t.strict({ mailboxId: MailboxId, personId: PersonId, address: personal(nullable(EmailAddress)) }),
);

export const MailboxRenamed = defineEvent(
  'MailboxRenamed',
  t.strict({ mailboxId: MailboxId, personId: PersonId, name: personal(Name) }),
);

/** User name and secret of the mailbox's own account, with the permission to use them. */
export const MailboxCredentialsSet = defineEvent(
  'MailboxCredentialsSet',
  t.strict({ mailboxId: MailboxId, personId: PersonId, userName: personal(UserName), secret: SecretRef }),
);

export const MailboxCredentialsCleared = defineEvent(
  'MailboxCredentialsCleared',
  t.strict({ mailboxId: MailboxId, reason: oneOf('asked', 'hostChanged', 'notAllowed') }),
);

export const MailboxApproved = defineEvent('MailboxApproved', t.strict({ mailboxId: MailboxId }));
export const MailboxRejected = defineEvent('MailboxRejected', t.strict({ mailboxId: MailboxId }));

export const MailboxActivated = defineEvent('MailboxActivated', t.strict({ mailboxId: MailboxId }));
export const MailboxDeactivated = defineEvent(
  'MailboxDeactivated',
  t.strict({ mailboxId: MailboxId, cause: oneOf('asked', 'ownerDisabled') }),
);
export const MailboxOwnerChanged = defineEvent('MailboxOwnerChanged', t.strict({ mailboxId: MailboxId, ...owner }));

/** Effective start of processing (Process Email From), as recorded; null: from the first enabling. */
export const MailboxProcessingStartChanged = defineEvent(
  'MailboxProcessingStartChanged',
  t.strict({
    mailboxId: MailboxId,
    processEmailFrom: nullable(instant),
    source: oneOf('mailbox', 'profile', 'firstEnable'),
  }),
);

/** Test & Enable was asked for; from here until `MailboxTestCompleted` or `MailboxTestCancelled` the test is open. */
export const MailboxTestRequested = defineEvent(
  'MailboxTestRequested',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    runId: nullable(TestRunId),
    channels: t.readonlyArray(MailChannel, 'a list of channels'),
    trigger: oneOf('person', 'bulk', 'retry', 'incident'),
    /** Which try of the same problem this is; 1 when a person asked. */
    attempt: count,
    /** The seed's "Sync items ... from this org only": recorded, without effect for POP3 and IMAP. */
    thisOrganizationOnly: t.boolean,
  }),
);

/** What was tested: a result holds only while these are current. */
const fingerprint = {
  /** The profile that was tested, and its `configuration`. */
  profileId: nullable(ProfileId),
  profileConfiguration: count,
  /** Counts what was changed in the mailbox that matters to this channel. */
  mailboxConfiguration: count,
};

const step = t.strict(
  { step: t.string, status: oneOf('passed', 'warning', 'failed', 'notRun'), ms: count },
  'a step of a check',
);

const result = {
  mailboxId: MailboxId,
  testId: TestId,
  channel: MailChannel,
  ...fingerprint,
  steps: t.readonlyArray(step, 'a list of steps'),
};

export const ChannelTestSucceeded = defineEvent(
  'ChannelTestSucceeded',
  t.strict({ ...result, warnings: t.readonlyArray(t.string, 'a list of failure kinds') }),
);

export const ChannelTestFailed = defineEvent(
  'ChannelTestFailed',
  t.strict({
    ...result,
    personId: PersonId,
    kind: t.string,
    phase: t.string,
    disposition: oneOf('permanent', 'transient', 'uncertain', 'warning', 'ours'),
    scope: oneOf('mailbox', 'profile', 'system'),
    field: nullable(t.string),
    /** Parameters of the advice, JSON of a flat object: host names, limits, and what the server said. */
    adviceParams: personal(t.string),
    serverText: personal(nullable(ServerText)),
    attempt: count,
    /** When it will be tried again; null: not by itself. */
    nextAttemptAt: nullable(instant),
  }),
);

/** A result came too late: what it tested is no longer what is configured, or the test was cancelled. Changes nothing. */
export const ChannelTestSuperseded = defineEvent(
  'ChannelTestSuperseded',
  t.strict({
    mailboxId: MailboxId,
    testId: TestId,
    channel: MailChannel,
    reason: oneOf('configurationChanged', 'cancelled', 'deactivated', 'profileUnavailable'),
  }),
);

export const MailboxTestCompleted = defineEvent(
  'MailboxTestCompleted',
  t.strict({ mailboxId: MailboxId, testId: TestId }),
);
export const MailboxTestCancelled = defineEvent(
  'MailboxTestCancelled',
  t.strict({ mailboxId: MailboxId, testId: TestId }),
);

export const ChannelEnabled = defineEvent('ChannelEnabled', t.strict({ mailboxId: MailboxId, channel: Channel }));

export const ChannelDisabled = defineEvent(
  'ChannelDisabled',
  t.strict({
    mailboxId: MailboxId,
    channel: Channel,
    reason: oneOf(
      'testFailed',
      'retriesSpent',
      'invalidated',
      'rejected',
      'approvalLost',
      'deactivated',
      'methodChanged',
      'profileRemoved',
    ),
  }),
);

/** An incident of the whole profile keeps this channel from working; it worked before and resumes when the incident ends. */
export const ChannelPaused = defineEvent(
  'ChannelPaused',
  t.strict({ mailboxId: MailboxId, channel: MailChannel, profileId: ProfileId, kind: t.string }),
);
export const ChannelResumed = defineEvent(
  'ChannelResumed',
  t.strict({ mailboxId: MailboxId, channel: MailChannel, profileId: ProfileId }),
);

/** An earlier result is stale: the channel is back to Not Run. */
export const ChannelTestInvalidated = defineEvent(
  'ChannelTestInvalidated',
  t.strict({
    mailboxId: MailboxId,
    channel: MailChannel,
    reason: oneOf(
      'profileChanged',
      'profileAssigned',
      'credentialsChanged',
      'addressChanged',
      'methodChanged',
      'approvalLost',
    ),
    /** The profile's `configuration` that this answers; null when the mailbox itself changed. */
    profileConfiguration: nullable(count),
  }),
);

export const events = eventFamily([
  MailboxRegistered,
  MailboxProfileAssigned,
  MailboxMethodsChanged,
  MailboxAddressChanged,
  MailboxRenamed,
  MailboxCredentialsSet,
  MailboxCredentialsCleared,
  MailboxApproved,
  MailboxRejected,
  MailboxActivated,
  MailboxDeactivated,
  MailboxOwnerChanged,
  MailboxProcessingStartChanged,
  MailboxTestRequested,
  ChannelTestSucceeded,
  ChannelTestFailed,
  ChannelTestSuperseded,
  MailboxTestCompleted,
  MailboxTestCancelled,
  ChannelEnabled,
  ChannelDisabled,
  ChannelPaused,
  ChannelResumed,
  ChannelTestInvalidated,
]);

export type Event = EventOf<typeof events>;
