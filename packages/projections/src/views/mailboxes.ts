import { type MailboxEvent, mailboxEvents } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import { instantText } from './instant-text.ts';
import { approvalOf, type Draft, fresh, iso, passed, registered, setChannel, setEvidence } from './mailbox-draft.ts';
import type { MailboxRow } from './mailbox-row.ts';

const change = (draft: Draft, event: MailboxEvent, at: string): void => {
  switch (event.type) {
    case 'MailboxRegistered':
    case 'MailboxProfileChangeApplied':
    case 'MailboxCredentialsExpiryAnnounced':
      return;
    case 'MailboxProfileAssigned':
      draft.profileId = event.data.profileId;
      draft.processEmailFrom = iso(event.data.processEmailFrom);
      draft.processEmailFromSource = event.data.processEmailFromSource;
      return;
    case 'MailboxMethodsChanged':
      setChannel(draft, 'incoming', { method: event.data.incoming });
      setChannel(draft, 'outgoing', { method: event.data.outgoing });
      setChannel(draft, 'act', { method: event.data.act });
      return;
    case 'MailboxAddressChanged':
      draft.address = event.data.address;
      draft.approval = approvalOf(event.data.address);
      return;
    case 'MailboxRenamed':
      draft.name = event.data.name;
      return;
    case 'MailboxCredentialsSet':
      draft.userName = event.data.userName;
      draft.secretVersion = event.data.secret.version;
      draft.secretId = event.data.secret.id;
      draft.secretExpiresOn = iso(event.data.expiresOn);
      return;
    case 'MailboxCredentialsCleared':
      draft.userName = null;
      draft.secretVersion = null;
      draft.secretId = null;
      draft.secretExpiresOn = null;
      return;
    case 'MailboxApproved':
      draft.approval = 'approved';
      return;
    case 'MailboxRejected':
      draft.approval = 'rejected';
      return;
    case 'MailboxActivated':
      draft.active = true;
      return;
    case 'MailboxDeactivated':
      draft.active = false;
      draft.test = null;
      for (const channel of ['incoming', 'outgoing'] as const) setChannel(draft, channel, { nextAttemptAt: null });
      return;
    case 'MailboxOwnerChanged':
      draft.ownerKind = event.data.ownerKind;
      draft.ownerId = event.data.ownerId;
      return;
    case 'MailboxProcessingStartChanged':
      draft.processEmailFrom = iso(event.data.processEmailFrom);
      draft.processEmailFromSource = event.data.source;
      return;
    case 'MailboxTestRequested': {
      const { testId, runId, channels, trigger } = event.data;
      draft.test = { testId, runId, channels, trigger, requestedAt: at };
      // The retry that was announced is this one.
      for (const channel of channels) {
        if (draft.channels[channel].nextAttemptAt !== null) setChannel(draft, channel, { nextAttemptAt: null });
      }
      return;
    }
    case 'ChannelTestSucceeded': {
      const { channel, steps, warnings } = event.data;
      setChannel(draft, channel, passed(at, steps, warnings));
      setEvidence(draft, channel, null);
      return;
    }
    case 'ChannelTestFailed': {
      const { channel, kind, phase, disposition, scope, field, attempt, nextAttemptAt, steps } = event.data;
      const before = draft.channels[channel].failure;
      const since = before?.kind === kind ? before.since : at;
      // Our own trouble says nothing about the mailbox: its status stays.
      const status = event.data.status === 'failure' ? ({ status: 'failure' } as const) : {};
      setChannel(draft, channel, {
        ...status,
        failure: { kind, phase, disposition, scope, field, since },
        reason: null,
        attempt,
        nextAttemptAt: iso(nextAttemptAt),
        testedAt: at,
        warnings: [],
        steps,
      });
      setEvidence(draft, channel, { params: event.data.adviceParams, serverText: event.data.serverText });
      return;
    }
    case 'ChannelTestSuperseded':
      setChannel(draft, event.data.channel, { nextAttemptAt: null });
      return;
    case 'MailboxTestCompleted':
    case 'MailboxTestCancelled':
      if (draft.test?.testId === event.data.testId) draft.test = null;
      if (event.type === 'MailboxTestCancelled' && draft.testMessage?.testId === event.data.testId) {
        draft.testMessage = null;
      }
      return;
    case 'TestMessageRequested': {
      const { testId } = event.data;
      draft.testMessage = { testId, outcome: 'pending', kind: null, seconds: null, reportedAt: null };
      return;
    }
    case 'TestMessageReported': {
      const { testId, outcome, kind, seconds } = event.data;
      if (draft.testMessage?.testId !== testId) return;
      draft.testMessage = { testId, outcome, kind, seconds, reportedAt: at };
      return;
    }
    case 'ChannelEnabled':
      setChannel(draft, event.data.channel, { enabled: true, paused: false, reason: null });
      return;
    case 'ChannelDisabled':
      setChannel(draft, event.data.channel, { enabled: false, paused: false, reason: event.data.reason });
      return;
    case 'ChannelPaused':
      setChannel(draft, event.data.channel, { paused: true });
      return;
    case 'ChannelResumed':
      // The failure was the profile's, and it is over: the mailbox's own success counts again.
      setChannel(draft, event.data.channel, {
        status: 'success',
        paused: false,
        failure: null,
        attempt: 0,
        nextAttemptAt: null,
      });
      setEvidence(draft, event.data.channel, null);
      return;
    case 'ChannelTestInvalidated':
      setChannel(draft, event.data.channel, { ...fresh, reason: event.data.reason });
      setEvidence(draft, event.data.channel, null);
      return;
  }
};

/** Every mailbox as it stands: approval, credentials, its three channels, the test that is open. */
export const mailboxesView: View<MailboxRow, MailboxEvent> = {
  name: 'mailboxes',
  version: 4,
  events: mailboxEvents,
  personal: { personId: (row) => row.personId, fields: ['name', 'address', 'userName', 'evidence'] },
  indexes: ['organizationId', 'profileId', 'ownerId', 'regardingId'],
  keys: (event) => [event.data.mailboxId],
  evolve: (row, event, _key, { recordedAt }) => {
    const at = instantText(recordedAt);
    if (event.type === 'MailboxRegistered') return registered(event.data, at);
    if (row === undefined) return undefined;
    const draft: Draft = { ...row };
    draft.changedAt = at;
    change(draft, event, at);
    return draft;
  },
};
