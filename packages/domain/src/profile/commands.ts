import type { CommandContext, PrincipalId } from '../kernel/command.ts';
import type { Host, MailChannel, Name, PortPolicy, ProfileId, SecretRef, TlsMode, UserName } from '../values/index.ts';
import type { AuthenticationProtocol, CredentialSource, ServerType } from './events.ts';

/** What the deployment allows, as far as profiles are concerned. A `DeploymentPolicy` is one. */
export interface ProfileRules {
  readonly ports: PortPolicy;
  readonly allowUnencrypted: boolean;
  readonly allowBasicAuthenticationUnencrypted: boolean;
  readonly allowCredentialsOverInsecureChannel: boolean;
  readonly allowDirectoryAuthentication: boolean;
  readonly allowProfileCredentialsForIncoming: boolean;
}

/** One direction as somebody enters it. What is left out is filled in on create, and stays as it is on change. */
export interface EndpointInput {
  readonly host?: Host | undefined;
  /** A number is chosen and survives later changes; `automatic` follows protocol and TLS mode. */
  readonly port?: number | 'automatic' | undefined;
  readonly tls?: TlsMode | undefined;
  readonly authentication?: AuthenticationProtocol | undefined;
  readonly credentials?: CredentialSource | undefined;
}

/** `null` takes a direction or a template away; what is left out stays. */
export interface ConnectionInput {
  readonly incoming?: EndpointInput | null | undefined;
  readonly outgoing?: EndpointInput | null | undefined;
  readonly sameSettingsForOutgoing?: boolean | undefined;
  readonly loginTemplate?: string | null | undefined;
  readonly folderTemplate?: string | null | undefined;
}

export interface ProcessingInput {
  readonly processEmailFrom?: Date | null | undefined;
  readonly minimumPollingMinutes?: number | undefined;
  readonly maximumConnections?: number | undefined;
  readonly connectionTimeLimitMs?: number | null | undefined;
  readonly alertMail?: boolean | undefined;
}

export interface Owner {
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: PrincipalId;
}

interface OnProfile<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  readonly profileId: ProfileId;
}

/** The organization is that of the actor. */
export interface CreateProfile extends OnProfile<'CreateProfile'> {
  readonly owner: Owner;
  readonly name: Name;
  readonly description: string | null;
  readonly serverType: ServerType;
  readonly connection: ConnectionInput;
  readonly processing: ProcessingInput;
  readonly rules: ProfileRules;
}

export interface ChangeProfile extends OnProfile<'ChangeProfile'> {
  readonly name?: Name | undefined;
  readonly description?: string | null | undefined;
  readonly connection: ConnectionInput;
  readonly processing: ProcessingInput;
  /** The secrets of its mailboxes may follow to another host (needs the privilege `secrets.reuse`). */
  readonly letMailboxSecretsFollow: boolean;
  readonly rules: ProfileRules;
}

/** The secret is in the vault already; the command carries the reference. */
export interface SetProfileCredentials extends OnProfile<'SetProfileCredentials'> {
  readonly channel: MailChannel;
  readonly userName: UserName;
  readonly secret: SecretRef;
  /** When the secret stops working, as far as that is known. */
  readonly expiresOn?: Date | null | undefined;
  readonly rules: ProfileRules;
}

/** The secret stops working soon: whoever looks after the profile has to be told. */
export interface AnnounceProfileCredentialsExpiry extends OnProfile<'AnnounceProfileCredentialsExpiry'> {
  readonly channel: MailChannel;
  readonly secret: SecretRef;
}

export interface ClearProfileCredentials extends OnProfile<'ClearProfileCredentials'> {
  readonly channel: MailChannel;
}

export interface ChangeProfileOwner extends OnProfile<'ChangeProfileOwner'> {
  readonly owner: Owner;
}

export type ActivateProfile = OnProfile<'ActivateProfile'>;
export type DeactivateProfile = OnProfile<'DeactivateProfile'>;

export interface DeleteProfile extends OnProfile<'DeleteProfile'> {
  /** How many mailboxes are on it. */
  readonly mailboxes: number;
  /** It is the organization's default profile. */
  readonly isDefault: boolean;
  readonly force: boolean;
}

export type Command =
  | CreateProfile
  | ChangeProfile
  | SetProfileCredentials
  | AnnounceProfileCredentialsExpiry
  | ClearProfileCredentials
  | ChangeProfileOwner
  | ActivateProfile
  | DeactivateProfile
  | DeleteProfile;
