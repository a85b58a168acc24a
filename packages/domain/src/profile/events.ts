import * as t from 'io-ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { personal } from '../kernel/personal.ts';
import {
  between,
  count,
  Host,
  instant,
  MailChannel,
  Name,
  nullable,
  oneOf,
  PersonId,
  Port,
  ProfileId,
  SecretRef,
  TlsMode,
  UserName,
} from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

export const ServerType = oneOf('pop3-smtp', 'imap-smtp');
export type ServerType = t.TypeOf<typeof ServerType>;

/** Authenticate Using (seed). `anonymous` exists as a value and is always rejected. */
export const CredentialSource = oneOf('mailbox', 'profile', 'windowsIntegrated', 'anonymous', 'oauth');
export type CredentialSource = t.TypeOf<typeof CredentialSource>;

export const AuthenticationProtocol = oneOf('autoDetect', 'negotiate', 'ntlm', 'basic', 'oauth');
export type AuthenticationProtocol = t.TypeOf<typeof AuthenticationProtocol>;

/** One direction of a profile. `portSource` tells a port that was filled in from one that somebody chose. */
export const Endpoint = t.strict(
  {
    host: Host,
    port: Port,
    portSource: oneOf('automatic', 'chosen'),
    tls: TlsMode,
    authentication: AuthenticationProtocol,
    credentials: CredentialSource,
  },
  'an endpoint',
);
export type Endpoint = t.TypeOf<typeof Endpoint>;

/** What a connection is made of; every change of it raises `configuration` and makes earlier successes stale. */
const connection = {
  incoming: nullable(Endpoint),
  outgoing: nullable(Endpoint),
  sameSettingsForOutgoing: t.boolean,
  loginTemplate: nullable(t.string),
  folderTemplate: nullable(t.string),
  /** Counts the versions of the connection and its credentials, from 1. */
  configuration: count,
};

const processing = {
  /** Process Email From (seed). */
  processEmailFrom: nullable(instant),
  minimumPollingMinutes: between(0, 1440),
  maximumConnections: between(1, 300),
  /** Limit of one connection in milliseconds; null: none of its own. */
  connectionTimeLimitMs: nullable(between(0, 100_000)),
  alertMail: t.boolean,
};

const owner = { ownerKind: oneOf('user', 'team'), ownerId: PrincipalId };

/** An email server profile exists, active. */
export const ProfileCreated = defineEvent(
  'ProfileCreated',
  t.strict({
    profileId: ProfileId,
    organizationId: OrganizationId,
    ...owner,
    name: Name,
    description: nullable(t.string),
    serverType: ServerType,
    ...connection,
    ...processing,
  }),
);

/** Name or description changed. */
export const ProfileDescribed = defineEvent(
  'ProfileDescribed',
  t.strict({ profileId: ProfileId, name: Name, description: nullable(t.string) }),
);

/** Host, port, TLS, authentication or a template changed. */
export const ProfileConnectionChanged = defineEvent(
  'ProfileConnectionChanged',
  t.strict({
    profileId: ProfileId,
    ...connection,
    /**
     * What becomes of the secrets that mailboxes on this profile keep themselves: `clear` when they would go to
     * another host than the one they were entered for, `follow` when somebody who may decide that let them go there.
     */
    mailboxSecrets: oneOf('keep', 'follow', 'clear'),
  }),
);

/** User name and secret of the profile's own account, for one direction. */
export const ProfileCredentialsSet = defineEvent(
  'ProfileCredentialsSet',
  t.strict({
    profileId: ProfileId,
    personId: PersonId,
    channel: MailChannel,
    userName: personal(UserName),
    secret: SecretRef,
    /** When the secret stops working, as whoever set it knew; null: that is not known. */
    expiresOn: nullable(instant),
    configuration: count,
  }),
  [(data) => ({ ...data, expiresOn: null })],
);

/** The secret of one direction stops working soon: whoever looks after the profile is told, once for each secret. */
export const ProfileCredentialsExpiryAnnounced = defineEvent(
  'ProfileCredentialsExpiryAnnounced',
  t.strict({ profileId: ProfileId, channel: MailChannel, expiresOn: instant }),
);

/** The account of one direction is gone: somebody asked, or it may not be used any more. */
export const ProfileCredentialsCleared = defineEvent(
  'ProfileCredentialsCleared',
  t.strict({
    profileId: ProfileId,
    channel: MailChannel,
    reason: oneOf('asked', 'sameSettingsForOutgoing', 'hostChanged', 'methodChanged'),
    configuration: count,
  }),
);

/** How mail is processed changed: from when on, how often, with how many connections. */
export const ProfileProcessingChanged = defineEvent(
  'ProfileProcessingChanged',
  t.strict({ profileId: ProfileId, ...processing }),
);

/** Somebody else, or another team, is told about the profile from now on. */
export const ProfileOwnerChanged = defineEvent('ProfileOwnerChanged', t.strict({ profileId: ProfileId, ...owner }));
/** Mailboxes on the profile may be tested and process mail again. */
export const ProfileActivated = defineEvent('ProfileActivated', t.strict({ profileId: ProfileId }));
/** No mailbox on the profile is tested or processes mail until it is activated again. */
export const ProfileDeactivated = defineEvent('ProfileDeactivated', t.strict({ profileId: ProfileId }));
/** `mailboxes`: how many were still on it. */
export const ProfileDeleted = defineEvent('ProfileDeleted', t.strict({ profileId: ProfileId, mailboxes: count }));

/** The codecs of every event of a profile. */
export const events = eventFamily([
  ProfileCreated,
  ProfileDescribed,
  ProfileConnectionChanged,
  ProfileCredentialsSet,
  ProfileCredentialsExpiryAnnounced,
  ProfileCredentialsCleared,
  ProfileProcessingChanged,
  ProfileOwnerChanged,
  ProfileActivated,
  ProfileDeactivated,
  ProfileDeleted,
]);

/** Every event of a profile. */
export type Event = EventOf<typeof events>;
