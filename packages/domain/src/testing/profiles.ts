import { PrincipalId } from '../kernel/command.ts';
import { derivedId } from '../kernel/derived-id.ts';
import { findingsOf } from '../kernel/rejection.ts';
import * as Profile from '../profile/index.ts';
import { Host, Name, ProfileId, UserName } from '../values/index.ts';
import { contextOf } from './contexts.ts';
import { specificationOf } from './specification.ts';

export const { given } = specificationOf(Profile.decider);

export const profileId = ProfileId.orThrow(derivedId('profile', 'test'));
export const context = contextOf();
export const mail = Host.orThrow('mail.example.org');
export const smtp = Host.orThrow('smtp.example.org');
export const elsewhere = Host.orThrow('elsewhere.example.net');

export const strict: Profile.ProfileRules = {
  ports: 'unrestricted',
  allowUnencrypted: false,
  allowBasicAuthenticationUnencrypted: false,
  allowCredentialsOverInsecureChannel: false,
  allowDirectoryAuthentication: false,
  allowProfileCredentialsForIncoming: true,
};

export const create = (
  connection: Profile.ConnectionInput = { incoming: { host: mail }, outgoing: { host: smtp } },
  rules: Partial<Profile.ProfileRules> = {},
  serverType: Profile.ServerType = 'imap-smtp',
): Profile.CreateProfile => ({
  type: 'CreateProfile',
  context,
  profileId,
  owner: { ownerKind: 'user', ownerId: PrincipalId.orThrow('admin') },
  name: Name.orThrow('Support'),
  description: null,
  serverType,
  connection,
  processing: {},
  rules: { ...strict, ...rules },
});

export const change = (
  connection: Profile.ConnectionInput,
  rules: Partial<Profile.ProfileRules> = {},
): Profile.ChangeProfile => ({
  type: 'ChangeProfile',
  context,
  profileId,
  connection,
  processing: {},
  letMailboxSecretsFollow: false,
  rules: { ...strict, ...rules },
});

/** The history of a profile that these commands made. */
export const after = (...commands: readonly Profile.Command[]): readonly Profile.Event[] => {
  let history: readonly Profile.Event[] = [];
  for (const command of commands) {
    const { decision } = given(...history).when(command);
    if (decision._tag === 'Left') throw new Error(decision.left.text.sentence);
    history = [...history, ...decision.right];
  }
  return history;
};

export const stateAfter = (...commands: readonly Profile.Command[]): Profile.Existing => {
  const state = given(...after(...commands)).state();
  if (state._tag !== 'Existing') throw new Error('there is no profile');
  return state;
};

export const findings = (command: Profile.Command, ...before: readonly Profile.Command[]): readonly string[] => {
  const { decision } = given(...after(...before)).when(command);
  return decision._tag === 'Left' ? findingsOf(decision.left).map(({ _tag, field }) => `${field ?? ''} ${_tag}`) : [];
};

export const types = (command: Profile.Command, ...before: readonly Profile.Command[]): readonly string[] => {
  const { decision } = given(...after(...before)).when(command);
  return decision._tag === 'Left' ? [decision.left._tag] : decision.right.map(({ type }) => type);
};

export const shared: Profile.ConnectionInput = {
  incoming: { host: mail, credentials: 'profile' },
  outgoing: { host: smtp },
};
export const separate: Profile.ConnectionInput = {
  incoming: { host: mail, credentials: 'profile' },
  outgoing: { host: smtp, credentials: 'profile' },
  sameSettingsForOutgoing: false,
};
export const credentials = (
  channel: 'incoming' | 'outgoing' = 'incoming',
  version = 1,
): Profile.SetProfileCredentials => ({
  type: 'SetProfileCredentials',
  context,
  profileId,
  channel,
  userName: UserName.orThrow('service@example.org'),
  secret: { id: `secret of ${channel}`, version },
  rules: strict,
});
