import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import type {
  ApplyProfileChange,
  AssignMailboxProfile,
  ChangeMailboxAddress,
  ProfileFacts,
  SetMailboxMethods,
  SetMailboxProcessingStart,
} from './commands.ts';
import {
  type Event,
  MailboxAddressChanged,
  MailboxCredentialsCleared,
  MailboxMethodsChanged,
  MailboxProcessingStartChanged,
  MailboxProfileAssigned,
} from './events.ts';
import { type Rejection, rejections } from './rejections.ts';
import { caughtUpWith, channelsWithOwnCredentials, wentStale } from './staleness.ts';
import { mailChannels, type Registered } from './state.ts';
import { methodsProblem } from './structure.ts';

/** Where the mailbox starts on this profile: its own value wins, then the profile's, then what the first enabling set. */
const startOn = ({ start }: Registered, profile: ProfileFacts | null): Registered['start'] => {
  if (start.source === 'mailbox') return start;
  const ofProfile = profile?.processEmailFrom ?? null;
  if (ofProfile !== null) return { processEmailFrom: ofProfile, source: 'profile' };
  return start.source === 'firstEnable' ? start : { processEmailFrom: null, source: 'firstEnable' };
};

export const assignProfile = (
  { mailboxId, profile, from, secretMayFollow }: AssignMailboxProfile,
  state: Registered,
): Decision<Event, Rejection> => {
  if (profile !== null && profile.organizationId !== state.organizationId) {
    return rejected(rejections.ProfileNotFound({ profileId: profile.profileId }, 'profile'));
  }
  const previousProfileId = state.profile?.profileId ?? null;
  const profileId = profile?.profileId ?? null;
  if (from !== undefined && from !== previousProfileId) return nothingHappened;
  if (profileId === previousProfileId) return happened(...caughtUpWith(state, profile));
  if (profile !== null && state.act !== 'none') return rejected(rejections.ActNotSupported({}, 'act'));

  const start = startOn(state, profile);
  const { credentials } = state;
  const enteredElsewhere = credentials !== null && credentials.profileId !== null;
  const losesSecret = profile !== null && enteredElsewhere && credentials.profileId !== profileId && !secretMayFollow;
  return happened<Event>(
    MailboxProfileAssigned({
      mailboxId,
      previousProfileId,
      profileId,
      profileConfiguration: profile?.configuration ?? 0,
      profileProcessEmailFrom: profile?.processEmailFrom ?? null,
      processEmailFrom: start.processEmailFrom,
      processEmailFromSource: start.source,
    }),
    ...(losesSecret
      ? [
          MailboxCredentialsCleared({
            mailboxId,
            reason: 'hostChanged',
            channels: channelsWithOwnCredentials(profile),
          }),
        ]
      : []),
    ...wentStale(state, mailChannels, {
      reason: 'profileAssigned',
      disabled: profile === null ? 'profileRemoved' : 'invalidated',
      profile,
    }),
  );
};

/** The same change twice, one of another profile, or an older one changes nothing. */
export const applyProfileChange = ({ profile }: ApplyProfileChange, state: Registered): Decision<Event, never> =>
  happened(...caughtUpWith(state, profile));

export const setMethods = (
  { mailboxId, methods }: SetMailboxMethods,
  state: Registered,
): Decision<Event, Rejection> => {
  const { incoming, outgoing } = state.channels;
  const before = { incoming: incoming.method, outgoing: outgoing.method as 'none', act: state.act };
  const wanted = { ...before, ...methods };
  const problem = methodsProblem(state.kind, wanted, state.profile !== null);
  if (problem !== null) return rejected(problem);

  const changed = mailChannels.filter((channel) => wanted[channel] !== before[channel]);
  if (changed.length === 0 && wanted.act === before.act) return nothingHappened;
  return happened<Event>(
    MailboxMethodsChanged({ mailboxId, ...wanted }),
    ...wentStale(state, changed, { reason: 'methodChanged', disabled: 'methodChanged', profile: null }),
  );
};

/** A new address waits for approval, and was never tested. */
export const changeAddress = (
  { mailboxId, address }: ChangeMailboxAddress,
  state: Registered,
): Decision<Event, Rejection> => {
  if (state.address === address) return nothingHappened;
  if (address === null && state.kind === 'forward') {
    return rejected(rejections.ForwardMailboxNeedsAddress({}, 'address'));
  }
  return happened<Event>(
    MailboxAddressChanged({ mailboxId, personId: state.personId, address }),
    ...wentStale(state, mailChannels, { reason: 'addressChanged', disabled: 'approvalLost', profile: null }),
  );
};

/** Without a date of its own the mailbox goes by its profile's; with none there either, by its first enabling. */
export const setProcessingStart = (
  { mailboxId, processEmailFrom, profile, context }: SetMailboxProcessingStart,
  state: Registered,
): Decision<Event, never> => {
  const isOnProfile = profile !== null && profile.profileId === state.profile?.profileId;
  const ofProfile = isOnProfile ? profile.processEmailFrom : null;
  const isEnabled = mailChannels.some((channel) => state.channels[channel].enabled);
  const next: Registered['start'] =
    processEmailFrom !== null
      ? { processEmailFrom, source: 'mailbox' }
      : ofProfile !== null
        ? { processEmailFrom: ofProfile, source: 'profile' }
        : state.start.source === 'firstEnable'
          ? state.start
          : { processEmailFrom: isEnabled ? context.at : null, source: 'firstEnable' };

  const { start } = state;
  const isSame = next.source === start.source && next.processEmailFrom?.getTime() === start.processEmailFrom?.getTime();
  return isSame ? nothingHappened : happened<Event>(MailboxProcessingStartChanged({ mailboxId, ...next }));
};
