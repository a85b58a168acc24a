import type { PersonId } from '@mailroom/domain';

export interface EndpointRow {
  readonly host: string;
  readonly port: number;
  readonly portSource: 'automatic' | 'chosen';
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly authentication: string;
  readonly credentials: string;
}

/** The stored account of one direction; the secret itself is the vault's. */
export interface AccountRow {
  readonly secretId: string;
  readonly secretVersion: number;
  /** When the secret stops working; null: not known. */
  readonly expiresOn: string | null;
}

/** An email server profile as its own events tell it. JSON-safe; instants are ISO strings. */
export interface ProfileRow {
  readonly profileId: string;
  readonly organizationId: string;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly serverType: string;
  readonly active: boolean;
  readonly incoming: EndpointRow | null;
  readonly outgoing: EndpointRow | null;
  readonly sameSettingsForOutgoing: boolean;
  readonly loginTemplate: string | null;
  readonly folderTemplate: string | null;
  readonly configuration: number;
  /** Whose account it is, once there is one. */
  readonly personId: PersonId | null;
  readonly incomingUserName: string | null;
  readonly outgoingUserName: string | null;
  readonly incomingAccount: AccountRow | null;
  readonly outgoingAccount: AccountRow | null;
  readonly processEmailFrom: string | null;
  readonly minimumPollingMinutes: number;
  readonly maximumConnections: number;
  readonly connectionTimeLimitMs: number | null;
  readonly alertMail: boolean;
  readonly createdAt: string;
  readonly changedAt: string;
}
