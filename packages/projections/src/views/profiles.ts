import { type ProfileEvent, profileEvents } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import type { ProfileRow } from './profile-row.ts';

type Data<Type extends ProfileEvent['type']> = Extract<ProfileEvent, { readonly type: Type }>['data'];

const connectionOf = (data: Data<'ProfileCreated'> | Data<'ProfileConnectionChanged'>) => ({
  incoming: data.incoming,
  outgoing: data.outgoing,
  sameSettingsForOutgoing: data.sameSettingsForOutgoing,
  loginTemplate: data.loginTemplate,
  folderTemplate: data.folderTemplate,
  configuration: data.configuration,
});

const processingOf = (data: Data<'ProfileCreated'> | Data<'ProfileProcessingChanged'>) => ({
  processEmailFrom: data.processEmailFrom?.toISOString() ?? null,
  minimumPollingMinutes: data.minimumPollingMinutes,
  maximumConnections: data.maximumConnections,
  connectionTimeLimitMs: data.connectionTimeLimitMs,
  alertMail: data.alertMail,
});

const created = (data: Data<'ProfileCreated'>, at: string): ProfileRow => ({
  profileId: data.profileId,
  organizationId: data.organizationId,
  ownerKind: data.ownerKind,
  ownerId: data.ownerId,
  name: data.name,
  description: data.description,
  serverType: data.serverType,
  active: true,
  ...connectionOf(data),
  personId: null,
  incomingUserName: null,
  outgoingUserName: null,
  incomingAccount: null,
  outgoingAccount: null,
  ...processingOf(data),
  createdAt: at,
  changedAt: at,
});

const change = (row: ProfileRow, event: ProfileEvent): ProfileRow | undefined => {
  switch (event.type) {
    case 'ProfileCreated':
      return row;
    case 'ProfileDescribed':
      return { ...row, name: event.data.name, description: event.data.description };
    case 'ProfileConnectionChanged':
      return { ...row, ...connectionOf(event.data) };
    case 'ProfileCredentialsSet': {
      const { channel, personId, userName, secret, expiresOn, configuration } = event.data;
      const until = expiresOn?.toISOString() ?? null;
      const account = { secretId: secret.id, secretVersion: secret.version, expiresOn: until };
      return channel === 'incoming'
        ? { ...row, personId, configuration, incomingUserName: userName, incomingAccount: account }
        : { ...row, personId, configuration, outgoingUserName: userName, outgoingAccount: account };
    }
    case 'ProfileCredentialsCleared': {
      const { channel, configuration } = event.data;
      return channel === 'incoming'
        ? { ...row, configuration, incomingUserName: null, incomingAccount: null }
        : { ...row, configuration, outgoingUserName: null, outgoingAccount: null };
    }
    case 'ProfileCredentialsExpiryAnnounced':
      return row;
    case 'ProfileProcessingChanged':
      return { ...row, ...processingOf(event.data) };
    case 'ProfileOwnerChanged':
      return { ...row, ownerKind: event.data.ownerKind, ownerId: event.data.ownerId };
    case 'ProfileActivated':
      return { ...row, active: true };
    case 'ProfileDeactivated':
      return { ...row, active: false };
    case 'ProfileDeleted':
      return undefined;
  }
};

/** Every email server profile as it stands: endpoints with their ports, accounts, limits. */
export const profilesView: View<ProfileRow, ProfileEvent> = {
  name: 'profiles',
  version: 2,
  events: profileEvents,
  personal: { personId: (row) => row.personId, fields: ['incomingUserName', 'outgoingUserName'] },
  indexes: ['organizationId', 'ownerId'],
  keys: (event) => [event.data.profileId],
  evolve: (row, event, _key, { recordedAt }) => {
    const changedAt = recordedAt.toISOString();
    if (event.type === 'ProfileCreated') return created(event.data, changedAt);
    const next = row === undefined ? undefined : change(row, event);
    return next === undefined ? undefined : { ...next, changedAt };
  },
};
