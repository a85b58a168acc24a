import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import { together } from '../kernel/rejection.ts';
import { personIdOf } from '../values/index.ts';
import { changeProfile } from './change-profile.ts';
import type {
  AnnounceProfileCredentialsExpiry,
  Command,
  CreateProfile,
  DeleteProfile,
  ProcessingInput,
  SetProfileCredentials,
} from './commands.ts';
import { accountChannel, draftConnection } from './connection.ts';
import {
  type Event,
  ProfileActivated,
  ProfileCreated,
  ProfileCredentialsCleared,
  ProfileCredentialsExpiryAnnounced,
  ProfileCredentialsSet,
  ProfileDeactivated,
  ProfileDeleted,
  ProfileOwnerChanged,
} from './events.ts';
import { reject, type Rejection } from './rejections.ts';
import type { Connection, Existing, Processing, State } from './state.ts';
import { findingsAbout, finishedConnection } from './validate-connection.ts';

const nothingYet: Connection = {
  incoming: null,
  outgoing: null,
  sameSettingsForOutgoing: true,
  loginTemplate: null,
  folderTemplate: null,
};

const defaults: Processing = {
  processEmailFrom: null,
  minimumPollingMinutes: 0,
  maximumConnections: 10,
  connectionTimeLimitMs: null,
  alertMail: false,
};

export const decide = (command: Command, state: State): Decision<Event, Rejection> => {
  if (command.type === 'CreateProfile') return createProfile(command, state);

  const { profileId } = command;
  const { actor } = command.context;
  // What belongs to another organization is answered exactly as what does not exist.
  if (state._tag !== 'Existing' || state.organizationId !== actor.organizationId) {
    return rejected(reject.ProfileNotFound({ profileId }, 'profileId'));
  }

  switch (command.type) {
    case 'ChangeProfile':
      return changeProfile(command, state);
    case 'SetProfileCredentials':
      return setCredentials(command, state);
    case 'AnnounceProfileCredentialsExpiry':
      return announceExpiry(command, state);
    case 'ClearProfileCredentials': {
      const { channel } = command;
      if (state.accounts[channel] === null) return nothingHappened;
      const configuration = state.configuration + 1;
      return happened(ProfileCredentialsCleared({ profileId, channel, reason: 'asked', configuration }));
    }
    case 'ChangeProfileOwner': {
      const { ownerKind, ownerId } = command.owner;
      const isSame = state.owner.ownerKind === ownerKind && state.owner.ownerId === ownerId;
      return isSame ? nothingHappened : happened(ProfileOwnerChanged({ profileId, ownerKind, ownerId }));
    }
    case 'ActivateProfile':
      return state.active ? nothingHappened : happened(ProfileActivated({ profileId }));
    case 'DeactivateProfile':
      return state.active ? happened(ProfileDeactivated({ profileId })) : nothingHappened;
    case 'DeleteProfile':
      return deleteProfile(command);
  }
};

const withDefaults = (input: ProcessingInput): Processing => ({
  processEmailFrom: input.processEmailFrom ?? defaults.processEmailFrom,
  minimumPollingMinutes: input.minimumPollingMinutes ?? defaults.minimumPollingMinutes,
  maximumConnections: input.maximumConnections ?? defaults.maximumConnections,
  connectionTimeLimitMs: input.connectionTimeLimitMs ?? defaults.connectionTimeLimitMs,
  alertMail: input.alertMail ?? defaults.alertMail,
});

const createProfile = (command: CreateProfile, state: State): Decision<Event, Rejection> => {
  const { profileId, serverType, rules } = command;
  if (state._tag !== 'NoProfile') return rejected(reject.ProfileAlreadyExists({ profileId }, 'profileId'));

  const draft = draftConnection(serverType, command.connection, nothingYet, rules.ports);
  const [first, ...others] = findingsAbout(serverType, command.connection, draft, rules);
  if (first !== undefined) return rejected(together([first, ...others]));

  return happened(
    ProfileCreated({
      profileId,
      organizationId: command.context.actor.organizationId,
      ...command.owner,
      name: command.name,
      description: command.description,
      serverType,
      ...finishedConnection(draft),
      configuration: 1,
      ...withDefaults(command.processing),
    }),
  );
};

const setCredentials = (command: SetProfileCredentials, state: Existing): Decision<Event, Rejection> => {
  const { profileId, channel, userName, secret, expiresOn = null, rules, context } = command;
  const findings: Rejection[] = [];
  if (!context.secureChannel && !rules.allowCredentialsOverInsecureChannel) {
    findings.push(reject.CredentialsOverInsecureChannel({}, 'password'));
  }
  if (state.connection[channel]?.credentials !== 'profile') {
    findings.push(reject.CredentialsNotUsed({ channel }, 'channel'));
  } else if (accountChannel(channel, state.connection) !== channel) {
    findings.push(reject.OutgoingFollowsIncoming({}, 'channel'));
  }
  // Versions count up by one; two people who set them at once cannot both be the next.
  if (secret.version !== state.secretVersions[channel] + 1) findings.push(reject.SecretOutdated({}, 'password'));

  const [first, ...others] = findings;
  if (first !== undefined) return rejected(together([first, ...others]));

  const personId = personIdOf(state.organizationId, 'profile', profileId);
  const configuration = state.configuration + 1;
  return happened(ProfileCredentialsSet({ profileId, personId, channel, userName, secret, expiresOn, configuration }));
};

/** Once for each secret, and only while it is the one in use. */
const announceExpiry = (
  { profileId, channel, secret }: AnnounceProfileCredentialsExpiry,
  { accounts, expiryToAnnounce }: Existing,
): Decision<Event, never> => {
  const current = accounts[channel];
  const expiresOn = expiryToAnnounce[channel];
  return expiresOn !== null && current?.id === secret.id && current.version === secret.version
    ? happened(ProfileCredentialsExpiryAnnounced({ profileId, channel, expiresOn }))
    : nothingHappened;
};

const deleteProfile = ({ profileId, mailboxes, isDefault, force }: DeleteProfile): Decision<Event, Rejection> => {
  if (isDefault) return rejected(reject.ProfileIsDefault({}, 'profileId'));
  if (mailboxes > 0 && !force) return rejected(reject.ProfileHasMailboxes({ mailboxes }, 'force'));
  return happened(ProfileDeleted({ profileId, mailboxes }));
};
