import {
  adviceFor,
  anotherReader,
  type Channel,
  erased,
  isFailureKind,
  testMessageSubject,
  type Text,
  textsOf,
} from '@mailroom/domain';
import { adviceParamsOf } from '../views/advice-params.ts';
import { testMessageInWords } from '../views/test-message-text.ts';
import type { ChannelRow, Evidence, MailboxRow } from '../views/mailbox-row.ts';
import type { AccountRow, ProfileRow } from '../views/profile-row.ts';
import type { ChannelStatus, MailboxStatus, Missing, ProfileStatus, TestMessageStatus } from './rows.ts';
import { say } from './alert-lines.ts';

const otherKind = textsOf('advice', { Other: 'The test failed ({kind}).' });

/** What a person reads about a failure; a kind that this code does not know is shown by its name. */
const adviceOf = (kind: string, params: string): Text =>
  kind === anotherReader
    ? say('AnotherReader', {})
    : isFailureKind(kind)
      ? adviceFor(kind, adviceParamsOf(params))
      : otherKind('Other', { kind });

/** What the advice of each channel is filled with; nothing once the person is erased. */
export const evidenceOf = (row: MailboxRow): Evidence =>
  row.evidence === erased ? {} : (JSON.parse(row.evidence) as Evidence);

export const channelStatus = (row: ChannelRow, evidence: Evidence[Channel]): ChannelStatus => ({
  method: row.method,
  status: row.status,
  enabled: row.enabled,
  paused: row.paused,
  reason: row.reason,
  kind: row.failure?.kind ?? null,
  phase: row.failure?.phase ?? null,
  disposition: row.failure?.disposition ?? null,
  scope: row.failure?.scope ?? null,
  field: row.failure?.field ?? null,
  since: row.failure?.since ?? null,
  advice: row.failure === null ? null : adviceOf(row.failure.kind, evidence?.params ?? '{}'),
  serverText: row.failure === null ? null : (evidence?.serverText ?? null),
  attempt: row.attempt,
  nextAttemptAt: row.nextAttemptAt,
  testedAt: row.testedAt,
  warnings: row.warnings.map((kind) => adviceOf(kind, '{}')),
  steps: row.steps,
});

const testMessageStatus = ({ testMessage, address }: MailboxRow): TestMessageStatus | null => {
  if (testMessage === null) return null;
  const { kind, testId, seconds } = testMessage;
  const minutes = Math.max(1, Math.round((seconds ?? 0) / 60));
  const params = { subject: testMessageSubject(testId), minutes, address: address ?? '' };
  const advice = kind === null ? null : adviceOf(kind, JSON.stringify(params));
  return { ...testMessage, text: testMessageInWords(testMessage), advice };
};

/** What is joined to a mailbox's own row. */
export interface Joined {
  readonly profile: ProfileRow | null;
  readonly approvalRequired: boolean;
  readonly missing: readonly Missing[];
}

export const mailboxStatus = (row: MailboxRow, { profile, approvalRequired, missing }: Joined): MailboxStatus => {
  const evidence = evidenceOf(row);
  const ownStart = row.processEmailFrom !== null;
  return {
    mailboxId: row.mailboxId,
    organizationId: row.organizationId,
    kind: row.kind,
    regardingId: row.regardingId,
    ownerKind: row.ownerKind,
    ownerId: row.ownerId,
    name: row.name,
    address: row.address,
    active: row.active,
    approval: row.approval,
    approvalRequired,
    approved: row.approval === 'approved' || (!approvalRequired && row.approval !== 'rejected'),
    profileId: row.profileId,
    profileName: profile?.name ?? null,
    userName: row.userName,
    hasSecret: row.secretVersion !== null,
    secretExpiresOn: row.secretExpiresOn,
    channels: {
      incoming: channelStatus(row.channels.incoming, evidence.incoming),
      outgoing: channelStatus(row.channels.outgoing, evidence.outgoing),
      act: channelStatus(row.channels.act, evidence.act),
    },
    test: row.test,
    testMessage: testMessageStatus(row),
    missing,
    processEmailFrom: row.processEmailFrom,
    processEmailFromSource: ownStart ? row.processEmailFromSource : null,
    pollingMinutes: profile?.minimumPollingMinutes ?? null,
    registeredAt: row.registeredAt,
    changedAt: row.changedAt,
  };
};

const hasFailure = (row: MailboxRow): boolean =>
  Object.values(row.channels).some(({ status, paused }) => status === 'failure' || paused);

const isThere = (account: AccountRow | null): boolean => account !== null;

export const profileStatus = (row: ProfileRow, mailboxes: readonly MailboxRow[]): ProfileStatus => {
  const { personId: _, incomingAccount, outgoingAccount, createdAt: _created, ...shown } = row;
  return {
    ...shown,
    hasIncomingSecret: isThere(incomingAccount),
    hasOutgoingSecret: isThere(outgoingAccount),
    incomingSecretExpiresOn: incomingAccount?.expiresOn ?? null,
    outgoingSecretExpiresOn: outgoingAccount?.expiresOn ?? null,
    mailboxes: mailboxes.length,
    mailboxesWithFailures: mailboxes.filter(hasFailure).length,
  };
};
