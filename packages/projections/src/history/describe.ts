import { adviceFor, isFailureKind, type Text } from '@mailroom/domain';
import { adviceParamsOf } from '../views/advice-params.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import type { EndpointRow, ProfileRow } from '../views/profile-row.ts';
import { testMessageInWords } from '../views/test-message-text.ts';
import { inWords, triggerInWords } from './reasons.ts';
import { historyText as say } from './sentences.ts';
import type { Told } from './told.ts';

/** What was true before the event, where that is needed to say what changed. */
export interface Before {
  readonly mailbox: MailboxRow | undefined;
  readonly profile: ProfileRow | undefined;
  readonly profileName: (profileId: string) => string;
}

const none = 'none';
const when = (date: Date | null, otherwise: string): string => date?.toISOString() ?? otherwise;
const endpoint = (found: EndpointRow | null | undefined): string =>
  found === null || found === undefined ? none : `${found.host}:${found.port} (${found.tls})`;
const owner = (kind: string | undefined, id: string | undefined): string => `${kind ?? ''} ${id ?? ''}`.trim();
const channelName = { incoming: 'Incoming mail', outgoing: 'Outgoing mail', act: 'Appointments' } as const;
const inSentence = { incoming: 'incoming mail', outgoing: 'outgoing mail', act: 'appointments' } as const;

const countOf = (skipped: readonly { readonly mailboxIds: readonly string[] }[]): number =>
  skipped.reduce((sum, { mailboxIds }) => sum + mailboxIds.length, 0);

/** The sentence of the audit trail for one event. */
export const describe = (event: Told, { mailbox, profile, profileName }: Before): Text => {
  const nameOf = (id: string | null | undefined): string => (id === null || id === undefined ? none : profileName(id));
  switch (event.type) {
    case 'ProfileCreated': {
      const { name, serverType, incoming, outgoing } = event.data;
      return say('ProfileCreated', { name, serverType, incoming: endpoint(incoming), outgoing: endpoint(outgoing) });
    }
    case 'ProfileDescribed':
      return say('ProfileDescribed', { before: profile?.name ?? none, after: event.data.name });
    case 'ProfileConnectionChanged':
      return say('ProfileConnectionChanged', {
        incomingBefore: endpoint(profile?.incoming),
        incoming: endpoint(event.data.incoming),
        outgoingBefore: endpoint(profile?.outgoing),
        outgoing: endpoint(event.data.outgoing),
      });
    case 'ProfileCredentialsSet':
      return say('ProfileCredentialsSet', { userName: event.data.userName, channel: inSentence[event.data.channel] });
    case 'ProfileCredentialsExpiryAnnounced':
      return say('ProfileCredentialsExpiryAnnounced', {
        channel: inSentence[event.data.channel],
        expiresOn: event.data.expiresOn.toISOString(),
      });
    case 'ProfileCredentialsCleared':
      return say('ProfileCredentialsCleared', {
        channel: inSentence[event.data.channel],
        reason: inWords(event.data.reason),
      });
    case 'ProfileProcessingChanged':
      return say('ProfileProcessingChanged', {
        minutes: event.data.minimumPollingMinutes,
        connections: event.data.maximumConnections,
        from: when(event.data.processEmailFrom, 'the first enabling'),
      });
    case 'ProfileOwnerChanged':
      return say('ProfileOwnerChanged', {
        before: owner(profile?.ownerKind, profile?.ownerId),
        after: owner(event.data.ownerKind, event.data.ownerId),
      });
    case 'ProfileActivated':
    case 'ProfileDeactivated':
      return say(event.type, {});
    case 'ProfileDeleted':
      return say('ProfileDeleted', { mailboxes: event.data.mailboxes });

    case 'EmailSettingsConfigured':
      return say('EmailSettingsConfigured', {
        profile: nameOf(event.data.defaultProfileId),
        incoming: event.data.incoming,
        outgoing: event.data.outgoing,
        act: event.data.act,
        users: event.data.approvalRequiredForUsers ? 'required' : 'not required',
        queues: event.data.approvalRequiredForQueues ? 'required' : 'not required',
      });

    case 'MailboxRegistered':
      return say('MailboxRegistered', {
        kind: event.data.kind,
        name: event.data.name,
        address: event.data.address ?? none,
      });
    case 'MailboxProfileAssigned':
      return say('MailboxProfileAssigned', { before: nameOf(mailbox?.profileId), after: nameOf(event.data.profileId) });
    case 'MailboxProfileChangeApplied':
      return event.data.secretFollowed
        ? say('MailboxProfileChangeAppliedSecret', { profile: nameOf(event.data.profileId) })
        : say('MailboxProfileChangeApplied', { profile: nameOf(event.data.profileId) });
    case 'MailboxMethodsChanged':
      return say('MailboxMethodsChanged', {
        incomingBefore: mailbox?.channels.incoming.method ?? none,
        incoming: event.data.incoming,
        outgoingBefore: mailbox?.channels.outgoing.method ?? none,
        outgoing: event.data.outgoing,
        actBefore: mailbox?.channels.act.method ?? none,
        act: event.data.act,
      });
    case 'MailboxAddressChanged':
      return say('MailboxAddressChanged', { before: mailbox?.address ?? none, after: event.data.address ?? none });
    case 'MailboxRenamed':
      return say('MailboxRenamed', { before: mailbox?.name ?? none, after: event.data.name });
    case 'MailboxCredentialsSet':
      return say('MailboxCredentialsSet', { userName: event.data.userName });
    case 'MailboxCredentialsExpiryAnnounced':
      return say('MailboxCredentialsExpiryAnnounced', { expiresOn: event.data.expiresOn.toISOString() });
    case 'MailboxCredentialsCleared':
      return say('MailboxCredentialsCleared', { reason: inWords(event.data.reason) });
    case 'MailboxApproved':
    case 'MailboxRejected':
    case 'MailboxActivated':
      return say(event.type, {});
    case 'TestMessageRequested':
      return say('TestMessageRequested', {});
    case 'TestMessageReported':
      return testMessageInWords(event.data);
    case 'MailboxTestCompleted':
      return say('MailboxTestCompleted', { outcome: inWords(event.data.outcome) });
    case 'MailboxTestCancelled':
      return say('MailboxTestCancelled', { reason: inWords(event.data.reason) });
    case 'MailboxDeactivated':
      return say('MailboxDeactivated', { cause: inWords(event.data.cause) });
    case 'MailboxOwnerChanged':
      return say('MailboxOwnerChanged', {
        before: owner(mailbox?.ownerKind, mailbox?.ownerId),
        after: owner(event.data.ownerKind, event.data.ownerId),
      });
    case 'MailboxProcessingStartChanged':
      return say('MailboxProcessingStartChanged', {
        from: when(event.data.processEmailFrom, 'the first enabling'),
        source: inWords(event.data.source),
      });
    case 'MailboxTestRequested': {
      const { channels, trigger } = event.data;
      const named = channels.map((channel) => inSentence[channel]).join(' and ');
      return say('MailboxTestRequested', {
        channels: named === '' ? 'no channel' : named,
        trigger: triggerInWords(trigger),
      });
    }
    case 'ChannelTestSucceeded':
      return say('ChannelTestSucceeded', { channel: inSentence[event.data.channel] });
    case 'ChannelTestFailed': {
      const { channel, kind, attempt, nextAttemptAt, adviceParams } = event.data;
      const advice = isFailureKind(kind) ? adviceFor(kind, adviceParamsOf(adviceParams)).sentence : '';
      const told = { channel: inSentence[channel], kind, attempt, advice };
      return nextAttemptAt === null
        ? say('ChannelTestFailed', told)
        : say('ChannelTestFailedRetried', { ...told, nextAttemptAt: nextAttemptAt.toISOString() });
    }
    case 'ChannelTestSuperseded':
    case 'ChannelTestInvalidated':
      return say(event.type, { channel: inSentence[event.data.channel], reason: inWords(event.data.reason) });
    case 'ChannelEnabled':
    case 'ChannelResumed':
      return say(event.type, { channel: channelName[event.data.channel] });
    case 'ChannelDisabled':
      return say('ChannelDisabled', { channel: channelName[event.data.channel], reason: inWords(event.data.reason) });
    case 'ChannelPaused':
      return say('ChannelPaused', { channel: channelName[event.data.channel], kind: event.data.kind });

    case 'TestRunRequested':
      return say('TestRunRequested', {
        mailboxes: event.data.mailboxIds.length,
        skipped: countOf(event.data.skipped),
      });
    case 'TestRunStarted':
      return say('TestRunStarted', { tests: event.data.tests, skipped: countOf(event.data.skipped) });
    case 'TestRunCancelled':
    case 'TestRunCompleted':
      return say(event.type, {});

    case 'AlertDismissed':
      return event.data.alertKey === null
        ? say('AllAlertsDismissed', {})
        : say('AlertDismissed', { alertKey: event.data.alertKey });

    case 'AccountCollected':
      return say(event.data.shared ? 'AccountCollectedShared' : 'AccountCollected', {
        mailboxId: event.data.mailboxId,
      });
    case 'AccountLeft':
      return say('AccountLeft', { mailboxId: event.data.mailboxId });
    case 'AlertMailDue': {
      const { failing, mailboxes, kind } = event.data;
      return say('AlertMailDue', { failing, mailboxes, kind });
    }
    case 'AlertMailSent':
      return say('AlertMailSent', { recipients: event.data.recipients });
    case 'AlertMailDropped':
      return say('AlertMailDropped', { reason: inWords(event.data.reason) });

    case 'AccessRefused': {
      const { wanted, reason, privileges, recordId } = event.data;
      const told = { wanted, on: recordId === null ? '' : ` on ${recordId}` };
      return reason === 'insecureChannel'
        ? say('AccessRefusedChannel', told)
        : say('AccessRefusedPrivilege', { ...told, privileges: privileges.join(', ') });
    }
    case 'AuditExported': {
      const { format, lines, recordId, actorId, since, until } = event.data;
      const limits = [
        recordId === null ? '' : ` of ${recordId}`,
        actorId === null ? '' : ` by ${actorId}`,
        since === null ? '' : ` since ${since.toISOString()}`,
        until === null ? '' : ` until ${until.toISOString()}`,
      ].join('');
      return say('AuditExported', { format, lines, limits });
    }
    case 'PersonErased':
      return say('PersonErased', { kind: event.data.kind, personId: event.data.personId });
  }
};
