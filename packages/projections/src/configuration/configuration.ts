import type {
  DeploymentPolicy,
  EmailAddress,
  Host,
  IncomingProtocol,
  Name,
  Secret,
  TlsMode,
  UserName,
} from '@mailroom/domain';

/** A configuration file, read and checked (format: docs/configuration.md). */
export interface Configuration {
  readonly deployment: DeploymentPolicy;
  readonly profiles: readonly ConfiguredProfile[];
  readonly mailboxes: readonly ConfiguredMailbox[];
}

/** One server of a profile of the file. */
export interface ConfiguredEndpoint {
  readonly host: Host;
  /** Null: filled in when the profile is saved. */
  readonly port: number | null;
  readonly tls: TlsMode | null;
}

/** A profile of the file. */
export interface ConfiguredProfile {
  /** Where it stands in the file, such as `profiles[0]`. */
  readonly path: string;
  readonly name: Name;
  readonly incoming: (ConfiguredEndpoint & { readonly protocol: IncomingProtocol }) | null;
  readonly outgoing: ConfiguredEndpoint | null;
  /** The profile's own account, when it has one: then it serves all of its mailboxes. */
  readonly userName: UserName | null;
  readonly password: Password | null;
  readonly loginTemplate: string | null;
  readonly folderTemplate: string | null;
}

/** A mailbox of the file. */
export interface ConfiguredMailbox {
  readonly path: string;
  readonly kind: 'user' | 'queue';
  readonly name: Name;
  readonly address: EmailAddress;
  readonly profile: Name;
  readonly userName: UserName;
  /** Null: the profile's account is used. */
  readonly password: Password | null;
}

/** Where a password comes from; never the file itself. */
export type Password = { readonly _tag: 'Given'; readonly secret: Secret } | { readonly _tag: 'Ask' };
