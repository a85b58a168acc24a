import type { MailChannel } from '../values/index.ts';
import type { Event } from './events.ts';
import { type ChannelState, mailChannels, type Registered, type State } from './state.ts';

type Data<Type extends Event['type']> = Extract<Event, { readonly type: Type }>['data'];

const untested = {
  status: 'notRun',
  worked: false,
  failureScope: null,
  attempt: 0,
  nextAttemptAt: null,
} as const;

const newChannel = (method: ChannelState['method']): ChannelState => ({
  method,
  enabled: false,
  paused: false,
  configuration: 0,
  ...untested,
});

const registered = (data: Data<'MailboxRegistered'>): Registered => {
  const { profileId, profileConfiguration, profileProcessEmailFrom, incoming, outgoing, ...rest } = data;
  const { mailboxId, organizationId, personId, kind, regardingId, ownerKind, ownerId, name, address, act } = rest;
  return {
    _tag: 'Registered',
    mailboxId,
    organizationId,
    personId,
    kind,
    regardingId,
    ownerKind,
    ownerId,
    name,
    address,
    formerAddress: null,
    approval: address === null ? 'empty' : 'pending',
    active: true,
    profile:
      profileId === null
        ? null
        : { profileId, configuration: profileConfiguration, processEmailFrom: profileProcessEmailFrom },
    credentials: null,
    start: { processEmailFrom: null, source: 'firstEnable' },
    act,
    channels: { incoming: newChannel(incoming), outgoing: newChannel(outgoing) },
    test: null,
    testMessages: [],
    cancelled: null,
  };
};

const withChannel = (state: Registered, channel: MailChannel, change: Partial<ChannelState>): Registered => ({
  ...state,
  channels: { ...state.channels, [channel]: { ...state.channels[channel], ...change } },
});

/** What matters to these channels was changed, so results of tests that began before are stale. */
const reconfigured = (state: Registered, channels: readonly MailChannel[]): Registered =>
  channels.reduce<Registered>(
    (next, channel) => withChannel(next, channel, { configuration: next.channels[channel].configuration + 1 }),
    state,
  );

const without = <Item>(items: readonly Item[], item: Item): readonly Item[] => items.filter((other) => other !== item);

/** One channel of the open test has its result; `how`: one that counts. */
const answered = (
  state: Registered,
  testId: string,
  channel: MailChannel,
  how: 'succeeded' | 'failed' | null,
): Registered => {
  const { test, cancelled } = state;
  if (test?.testId === testId) {
    const counted = how === null ? {} : { [how]: [...test[how], channel] };
    return { ...state, test: { ...test, ...counted, remaining: without(test.remaining, channel) } };
  }
  if (cancelled?.testId !== testId) return state;
  const remaining = without(cancelled.remaining, channel);
  return { ...state, cancelled: remaining.length === 0 ? null : { ...cancelled, remaining } };
};

const succeeded = (state: Registered, data: Data<'ChannelTestSucceeded'>): Registered => {
  const found = { status: 'success', worked: true, failureScope: null, attempt: 0, nextAttemptAt: null } as const;
  const next = withChannel(state, data.channel, found);
  return answered(next, data.testId, data.channel, 'succeeded');
};

const failed = (state: Registered, data: Data<'ChannelTestFailed'>): Registered => {
  const { attempt, nextAttemptAt, scope } = data;
  const next = withChannel(state, data.channel, {
    attempt,
    nextAttemptAt,
    failureScope: scope,
    ...(data.status === 'failure' ? { status: 'failure' } : {}),
  });
  return answered(next, data.testId, data.channel, 'failed');
};

const requested = (state: Registered, data: Data<'MailboxTestRequested'>): Registered => {
  const { testId, runId, channels, trigger } = data;
  const test = { testId, runId, channels, remaining: channels, succeeded: [], failed: [], trigger };
  // The retry that was announced is this test; a person's own test starts counting anew.
  const counting = trigger === 'person' || trigger === 'bulk' ? { attempt: 0 } : {};
  return channels.reduce<Registered>(
    (next, channel) => withChannel(next, channel, { nextAttemptAt: null, ...counting }),
    { ...state, test, cancelled: null },
  );
};

const cancelledBecause = {
  asked: 'cancelled',
  configurationChanged: 'configurationChanged',
  deactivated: 'deactivated',
} as const;

const change = (state: Registered, event: Event): Registered => {
  switch (event.type) {
    case 'MailboxRegistered':
      return state;
    case 'MailboxRenamed':
      return { ...state, name: event.data.name };
    case 'MailboxOwnerChanged':
      return { ...state, ownerKind: event.data.ownerKind, ownerId: event.data.ownerId };
    case 'MailboxProfileAssigned': {
      const { profileId, profileConfiguration, profileProcessEmailFrom, processEmailFrom } = event.data;
      const profile = { configuration: profileConfiguration, processEmailFrom: profileProcessEmailFrom };
      const { credentials } = state;
      return reconfigured(
        {
          ...state,
          // Secrets that may not go to the new servers are cleared by an event of their own.
          credentials: credentials === null ? null : { ...credentials, profileId: profileId ?? credentials.profileId },
          profile: profileId === null ? null : { profileId, ...profile },
          start: { processEmailFrom, source: event.data.processEmailFromSource },
        },
        mailChannels,
      );
    }
    case 'MailboxProfileChangeApplied': {
      const { profileId, profileConfiguration, profileProcessEmailFrom } = event.data;
      return {
        ...state,
        profile: { profileId, configuration: profileConfiguration, processEmailFrom: profileProcessEmailFrom },
      };
    }
    case 'MailboxMethodsChanged': {
      const { incoming, outgoing, act } = event.data;
      const changed = mailChannels.filter((channel) => state.channels[channel].method !== event.data[channel]);
      const next = withChannel(withChannel(state, 'incoming', { method: incoming }), 'outgoing', { method: outgoing });
      return reconfigured({ ...next, act }, changed);
    }
    case 'MailboxAddressChanged': {
      const { address } = event.data;
      const approval = address === null ? 'empty' : 'pending';
      return reconfigured({ ...state, address, formerAddress: state.address, approval }, mailChannels);
    }
    case 'MailboxCredentialsSet': {
      const { userName, secret, profileId, expiresOn, channels } = event.data;
      const credentials = { userName, secret, profileId, expiryToAnnounce: expiresOn };
      return reconfigured({ ...state, credentials }, channels);
    }
    case 'MailboxCredentialsExpiryAnnounced': {
      const { credentials } = state;
      return { ...state, credentials: credentials === null ? null : { ...credentials, expiryToAnnounce: null } };
    }
    case 'MailboxCredentialsCleared':
      return reconfigured({ ...state, credentials: null }, event.data.channels);
    case 'MailboxApproved':
      return { ...state, approval: 'approved' };
    case 'MailboxRejected':
      return { ...state, approval: 'rejected' };
    case 'MailboxActivated':
      return { ...state, active: true };
    case 'MailboxDeactivated':
      return mailChannels.reduce<Registered>((next, channel) => withChannel(next, channel, { nextAttemptAt: null }), {
        ...state,
        active: false,
      });
    case 'MailboxProcessingStartChanged':
      return { ...state, start: { processEmailFrom: event.data.processEmailFrom, source: event.data.source } };
    case 'MailboxTestRequested':
      return requested(state, event.data);
    case 'ChannelTestSucceeded':
      return succeeded(state, event.data);
    case 'ChannelTestFailed':
      return failed(state, event.data);
    case 'ChannelTestSuperseded':
      return answered(state, event.data.testId, event.data.channel, null);
    case 'MailboxTestCompleted':
      return { ...state, test: null };
    case 'MailboxTestCancelled': {
      const { testId, channels, reason } = event.data;
      const testMessages = without(state.testMessages, testId);
      const cancelled = { testId, remaining: channels, because: cancelledBecause[reason] };
      return { ...state, test: null, testMessages, cancelled };
    }
    case 'TestMessageRequested':
      return { ...state, testMessages: [...state.testMessages, event.data.testId] };
    case 'TestMessageReported':
      return { ...state, testMessages: without(state.testMessages, event.data.testId) };
    case 'ChannelEnabled':
    case 'ChannelDisabled': {
      const { channel } = event.data;
      if (channel === 'act') return state;
      return withChannel(state, channel, { enabled: event.type === 'ChannelEnabled', paused: false });
    }
    case 'ChannelPaused':
      return withChannel(state, event.data.channel, { paused: true });
    case 'ChannelResumed':
      // The failure was the profile's, and it is over: the mailbox's own success counts again.
      return withChannel(state, event.data.channel, {
        status: 'success',
        paused: false,
        failureScope: null,
        attempt: 0,
        nextAttemptAt: null,
      });
    case 'ChannelTestInvalidated':
      return withChannel(state, event.data.channel, untested);
  }
};

/** Folds one event. Whatever comes before the registration is ignored. */
export const evolve = (state: State, event: Event): State => {
  if (event.type === 'MailboxRegistered') return registered(event.data);
  return state._tag === 'NotRegistered' ? state : change(state, event);
};
