import { replay } from '../kernel/decider.ts';
import * as Mailbox from '../mailbox/index.ts';
import * as Profile from '../profile/index.ts';
import { UserName } from '../values/index.ts';
import { contextOf, credentialsSet, profileId, registered } from './sample-mailbox.ts';
import { createProfile, done, rules } from './test-world.ts';

/** The mailbox that these events have made; without any, one with credentials of its own. */
export const existingMailbox = (
  events: readonly Mailbox.Event[] = [registered(), credentialsSet],
): Mailbox.Registered => {
  const state = replay(Mailbox.decider, events);
  if (state._tag !== 'Registered') throw new Error('there is no mailbox');
  return state;
};

/** An account of a profile: `collector-incoming` with version 1 of its secret. */
export const profileAccount = (channel: 'incoming' | 'outgoing'): Profile.SetProfileCredentials => ({
  type: 'SetProfileCredentials',
  context: contextOf(),
  profileId,
  channel,
  userName: UserName.orThrow(`collector-${channel}`),
  secret: { id: `secret-${channel}`, version: 1 },
  rules,
});

/** The profile that is created like this, after these commands. */
export const existingProfile = (
  changes: Partial<Profile.CreateProfile> = {},
  ...commands: readonly Profile.Command[]
): Profile.Existing => {
  let state: Profile.State = Profile.decider.initialState;
  for (const command of [createProfile(changes), ...commands]) {
    state = replay(Profile.decider, done(Profile.decider.decide(command, state)), state);
  }
  if (state._tag !== 'Existing') throw new Error('there is no profile');
  return state;
};
