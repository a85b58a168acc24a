import { type Channel, erased, type MailboxEvent, mailboxEvents, type RecordedEvent } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import type { ChannelRow, Evidence, MailboxRow } from './mailbox-row.ts';

const untested = (method: string): ChannelRow => ({
  method,
  status: 'notRun',
  enabled: false,
  paused: false,
  reason: null,
  failure: null,
  attempt: 0,
  nextAttemptAt: null,
  testedAt: null,
  warnings: [],
  steps: [],
});

const withChannel = (row: MailboxRow, channel: Channel, change: Partial<ChannelRow>): MailboxRow => ({
  ...row,
  channels: { ...row.channels, [channel]: { ...row.channels[channel], ...change } },
});

const evidenceOf = (row: MailboxRow): Evidence =>
  row.evidence === erased ? {} : (JSON.parse(row.evidence) as Evidence);
const withEvidence = (row: MailboxRow, channel: Channel, found: Evidence[Channel] | null): MailboxRow => {
  const { [channel]: _before, ...others } = evidenceOf(row);
  return {
    ...row,
    evidence: JSON.stringify(found === null || found === undefined ? others : { ...others, [channel]: found }),
  };
};

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
const approvalOf = (address: string | null): MailboxRow['approval'] => (address === null ? 'empty' : 'pending');

const registered = (
  data: Extract<MailboxEvent, { readonly type: 'MailboxRegistered' }>['data'],
  at: string,
): MailboxRow => ({
  mailboxId: data.mailboxId,
  organizationId: data.organizationId,
  personId: data.personId,
  kind: data.kind,
  regardingId: data.regardingId,
  ownerKind: data.ownerKind,
  ownerId: data.ownerId,
  name: data.name,
  address: data.address,
  active: true,
  approval: approvalOf(data.address),
  profileId: data.profileId,
  userName: null,
  secretVersion: null,
  secretId: null,
  processEmailFrom: null,
  processEmailFromSource: null,
  channels: { incoming: untested(data.incoming), outgoing: untested(data.outgoing), act: untested(data.act) },
  test: null,
  evidence: '{}',
  registeredAt: at,
  changedAt: at,
});

const change = (row: MailboxRow, event: MailboxEvent, { recordedAt }: RecordedEvent): MailboxRow => {
  switch (event.type) {
    case 'MailboxRegistered':
      return row;
    case 'MailboxProfileAssigned':
      return {
        ...row,
        profileId: event.data.profileId,
        processEmailFrom: iso(event.data.processEmailFrom),
        processEmailFromSource: event.data.processEmailFromSource,
      };
    case 'MailboxProfileChangeApplied':
      return row;
    case 'MailboxMethodsChanged': {
      const { incoming, outgoing, act } = event.data;
      return withChannel(
        withChannel(withChannel(row, 'incoming', { method: incoming }), 'outgoing', { method: outgoing }),
        'act',
        {
          method: act,
        },
      );
    }
    case 'MailboxAddressChanged':
      return { ...row, address: event.data.address, approval: approvalOf(event.data.address) };
    case 'MailboxRenamed':
      return { ...row, name: event.data.name };
    case 'MailboxCredentialsSet': {
      const { userName, secret } = event.data;
      return { ...row, userName, secretVersion: secret.version, secretId: secret.id };
    }
    case 'MailboxCredentialsCleared':
      return { ...row, userName: null, secretVersion: null, secretId: null };
    case 'MailboxApproved':
      return { ...row, approval: 'approved' };
    case 'MailboxRejected':
      return { ...row, approval: 'rejected' };
    case 'MailboxActivated':
      return { ...row, active: true };
    case 'MailboxDeactivated':
      return (['incoming', 'outgoing'] as const).reduce<MailboxRow>(
        (next, channel) => withChannel(next, channel, { nextAttemptAt: null }),
        { ...row, active: false, test: null },
      );
    case 'MailboxOwnerChanged':
      return { ...row, ownerKind: event.data.ownerKind, ownerId: event.data.ownerId };
    case 'MailboxProcessingStartChanged':
      return { ...row, processEmailFrom: iso(event.data.processEmailFrom), processEmailFromSource: event.data.source };
    case 'MailboxTestRequested': {
      const { testId, runId, channels, trigger } = event.data;
      const test = { testId, runId, channels, trigger, requestedAt: recordedAt.toISOString() };
      // The retry that was announced is this one.
      return channels.reduce<MailboxRow>((next, channel) => withChannel(next, channel, { nextAttemptAt: null }), {
        ...row,
        test,
      });
    }
    case 'ChannelTestSucceeded': {
      const { channel, steps, warnings } = event.data;
      const success = { status: 'success', reason: null, failure: null, attempt: 0, nextAttemptAt: null } as const;
      const testedAt = recordedAt.toISOString();
      return withEvidence(withChannel(row, channel, { ...success, testedAt, steps, warnings }), channel, null);
    }
    case 'ChannelTestFailed': {
      const { channel, kind, phase, disposition, scope, field, attempt, nextAttemptAt, steps } = event.data;
      // Our own trouble says nothing about the mailbox: its status stays.
      const status = event.data.status === 'failure' ? ({ status: 'failure' } as const) : {};
      const failed = withChannel(row, channel, {
        ...status,
        failure: { kind, phase, disposition, scope, field },
        reason: null,
        attempt,
        nextAttemptAt: iso(nextAttemptAt),
        testedAt: recordedAt.toISOString(),
        warnings: [],
        steps,
      });
      return withEvidence(failed, channel, { params: event.data.adviceParams, serverText: event.data.serverText });
    }
    case 'ChannelTestSuperseded':
      return withChannel(row, event.data.channel, { nextAttemptAt: null });
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled':
      return row.test?.testId === event.data.testId ? { ...row, test: null } : row;
    case 'ChannelEnabled':
      return withChannel(row, event.data.channel, { enabled: true, paused: false, reason: null });
    case 'ChannelDisabled':
      return withChannel(row, event.data.channel, { enabled: false, paused: false, reason: event.data.reason });
    case 'ChannelPaused':
      return withChannel(row, event.data.channel, { paused: true });
    case 'ChannelResumed': {
      // The failure was the profile's, and it is over: the mailbox's own success counts again.
      const over = { status: 'success', paused: false, failure: null, attempt: 0, nextAttemptAt: null } as const;
      return withEvidence(withChannel(row, event.data.channel, over), event.data.channel, null);
    }
    case 'ChannelTestInvalidated': {
      const { channel, reason } = event.data;
      const fresh = {
        status: 'notRun',
        failure: null,
        attempt: 0,
        nextAttemptAt: null,
        warnings: [],
        steps: [],
      } as const;
      return withEvidence(withChannel(row, channel, { ...fresh, reason }), channel, null);
    }
  }
};

/** Every mailbox as it stands: approval, credentials, its three channels, the test that is open. */
export const mailboxesView: View<MailboxRow, MailboxEvent> = {
  name: 'mailboxes',
  version: 1,
  events: mailboxEvents,
  personal: { personId: (row) => row.personId, fields: ['name', 'address', 'userName', 'evidence'] },
  keys: (event) => [event.data.mailboxId],
  evolve: (row, event, _key, recorded) => {
    const at = recorded.recordedAt.toISOString();
    if (event.type === 'MailboxRegistered') return registered(event.data, at);
    return row === undefined ? undefined : { ...change(row, event, recorded), changedAt: at };
  },
};
