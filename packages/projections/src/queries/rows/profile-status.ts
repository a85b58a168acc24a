/** One server of a profile, with the port in effect and whether it was chosen. */
export interface EndpointStatus {
  readonly host: string;
  readonly port: number;
  readonly portSource: 'automatic' | 'chosen';
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly authentication: string;
  readonly credentials: string;
}

/** A profile with its servers and the health of its mailboxes. */
export interface ProfileStatus {
  readonly profileId: string;
  readonly organizationId: string;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly serverType: string;
  readonly active: boolean;
  readonly incoming: EndpointStatus | null;
  readonly outgoing: EndpointStatus | null;
  readonly sameSettingsForOutgoing: boolean;
  readonly loginTemplate: string | null;
  readonly folderTemplate: string | null;
  readonly configuration: number;
  readonly incomingUserName: string | null;
  readonly outgoingUserName: string | null;
  readonly hasIncomingSecret: boolean;
  readonly hasOutgoingSecret: boolean;
  /** When they stop working, as far as it is known. */
  readonly incomingSecretExpiresOn: string | null;
  readonly outgoingSecretExpiresOn: string | null;
  readonly processEmailFrom: string | null;
  readonly minimumPollingMinutes: number;
  readonly maximumConnections: number;
  readonly connectionTimeLimitMs: number | null;
  readonly alertMail: boolean;
  /** Mailboxes on it, and how many of them have a channel that fails or is paused. */
  readonly mailboxes: number;
  readonly mailboxesWithFailures: number;
  readonly changedAt: string;
}
