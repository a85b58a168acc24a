import type { OrganizationId } from '../kernel/command.ts';
import type { Erased } from '../kernel/personal.ts';
import type { MailChannel, Name, SecretRef, UserName } from '../values/index.ts';
import type { Owner } from './commands.ts';
import type { Endpoint, Event, ProfileConnectionChanged, ProfileCreated, ServerType } from './events.ts';

/** What `decide` needs to remember, and nothing more. Screens read projections, never this. */
export type State = NoProfile | Existing | Deleted;

interface NoProfile {
  readonly _tag: 'NoProfile';
}

/** Deleted profiles are answered as if they had never been; their ids are not used again. */
interface Deleted {
  readonly _tag: 'Deleted';
}

export interface Connection {
  readonly incoming: Endpoint | null;
  readonly outgoing: Endpoint | null;
  readonly sameSettingsForOutgoing: boolean;
  readonly loginTemplate: string | null;
  readonly folderTemplate: string | null;
}

export interface Processing {
  readonly processEmailFrom: Date | null;
  readonly minimumPollingMinutes: number;
  readonly maximumConnections: number;
  readonly connectionTimeLimitMs: number | null;
  readonly alertMail: boolean;
}

export interface Existing {
  readonly _tag: 'Existing';
  readonly organizationId: OrganizationId;
  readonly owner: Owner;
  readonly name: Name;
  readonly description: string | null;
  readonly serverType: ServerType;
  readonly active: boolean;
  readonly connection: Connection;
  readonly processing: Processing;
  /** The stored account of each direction; null: none. */
  readonly accounts: Readonly<Record<MailChannel, SecretRef | null>>;
  /** The user names of these accounts: no rule needs them, checks log in with them. */
  readonly userNames: Readonly<Record<MailChannel, UserName | Erased | null>>;
  /** The newest version of a secret there ever was, so that versions are never used twice. */
  readonly secretVersions: Readonly<Record<MailChannel, number>>;
  /** When the stored secret of each direction stops working, until that has been announced; null: not known, or it was. */
  readonly expiryToAnnounce: Readonly<Record<MailChannel, Date | null>>;
  readonly configuration: number;
  /** The configurations with which the secrets of its mailboxes last lost, or last followed, a host; 0: none did. */
  readonly mailboxSecrets: { readonly clearedAt: number; readonly followedAt: number };
}

export const initialState: State = { _tag: 'NoProfile' };

type ConnectionData = ReturnType<typeof ProfileCreated | typeof ProfileConnectionChanged>['data'];

const connectionOf = (data: ConnectionData): Connection => ({
  incoming: data.incoming,
  outgoing: data.outgoing,
  sameSettingsForOutgoing: data.sameSettingsForOutgoing,
  loginTemplate: data.loginTemplate,
  folderTemplate: data.folderTemplate,
});

const processingOf = (data: Processing): Processing => ({
  processEmailFrom: data.processEmailFrom,
  minimumPollingMinutes: data.minimumPollingMinutes,
  maximumConnections: data.maximumConnections,
  connectionTimeLimitMs: data.connectionTimeLimitMs,
  alertMail: data.alertMail,
});

const created = (data: ReturnType<typeof ProfileCreated>['data']): Existing => ({
  _tag: 'Existing',
  organizationId: data.organizationId,
  owner: { ownerKind: data.ownerKind, ownerId: data.ownerId },
  name: data.name,
  description: data.description,
  serverType: data.serverType,
  active: true,
  connection: connectionOf(data),
  processing: processingOf(data),
  accounts: { incoming: null, outgoing: null },
  userNames: { incoming: null, outgoing: null },
  secretVersions: { incoming: 0, outgoing: 0 },
  expiryToAnnounce: { incoming: null, outgoing: null },
  configuration: data.configuration,
  mailboxSecrets: { clearedAt: 0, followedAt: 0 },
});

export const evolve = (state: State, event: Event): State => {
  if (event.type === 'ProfileCreated') return created(event.data);
  if (state._tag !== 'Existing') return state;

  switch (event.type) {
    case 'ProfileDescribed':
      return { ...state, name: event.data.name, description: event.data.description };
    case 'ProfileConnectionChanged': {
      const { configuration, mailboxSecrets } = event.data;
      const { clearedAt, followedAt } = state.mailboxSecrets;
      return {
        ...state,
        connection: connectionOf(event.data),
        configuration,
        mailboxSecrets: {
          clearedAt: mailboxSecrets === 'clear' ? configuration : clearedAt,
          followedAt: mailboxSecrets === 'follow' ? configuration : followedAt,
        },
      };
    }
    case 'ProfileCredentialsSet': {
      const { channel, userName, secret, expiresOn, configuration } = event.data;
      const accounts = { ...state.accounts, [channel]: secret };
      return {
        ...state,
        accounts,
        userNames: { ...state.userNames, [channel]: userName },
        secretVersions: { ...state.secretVersions, [channel]: secret.version },
        expiryToAnnounce: { ...state.expiryToAnnounce, [channel]: expiresOn },
        configuration,
      };
    }
    case 'ProfileCredentialsCleared': {
      const { channel, configuration } = event.data;
      return {
        ...state,
        accounts: { ...state.accounts, [channel]: null },
        userNames: { ...state.userNames, [channel]: null },
        expiryToAnnounce: { ...state.expiryToAnnounce, [channel]: null },
        configuration,
      };
    }
    case 'ProfileCredentialsExpiryAnnounced':
      return { ...state, expiryToAnnounce: { ...state.expiryToAnnounce, [event.data.channel]: null } };
    case 'ProfileProcessingChanged':
      return { ...state, processing: processingOf(event.data) };
    case 'ProfileOwnerChanged':
      return { ...state, owner: { ownerKind: event.data.ownerKind, ownerId: event.data.ownerId } };
    case 'ProfileActivated':
      return { ...state, active: true };
    case 'ProfileDeactivated':
      return { ...state, active: false };
    case 'ProfileDeleted':
      return { _tag: 'Deleted' };
  }
};
