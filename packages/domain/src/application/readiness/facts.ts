import type { DeploymentPolicy } from '../../settings/deployment.ts';
import type { MailChannel, Protocol, TlsMode } from '../../values/index.ts';

/** One direction of the profile, as far as it bears on whether a mailbox can work. */
export interface EndpointFacts {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly authentication: string;
  /** `mailbox`, `profile`, `windowsIntegrated`, `anonymous` or `oauth`. */
  readonly credentials: string;
  /** The profile holds an account for this direction. */
  readonly hasProfileCredentials: boolean;
}

/** Everything that bears on whether a mailbox can work, as plain data: from an aggregate or from a view. */
export interface ReadinessFacts {
  readonly active: boolean;
  /** null: it has none; `[erased]`: its person was erased. */
  readonly address: string | null;
  readonly approval: 'empty' | 'pending' | 'approved' | 'rejected';
  readonly approvalRequired: boolean;
  readonly hasOwnCredentials: boolean;
  readonly methods: Readonly<Record<MailChannel, string>>;
  readonly profile: {
    readonly active: boolean;
    readonly endpoints: Readonly<Record<MailChannel, EndpointFacts | null>>;
  } | null;
  readonly deployment: Pick<
    DeploymentPolicy,
    | 'ports'
    | 'allowUnencrypted'
    | 'allowBasicAuthenticationUnencrypted'
    | 'allowDirectoryAuthentication'
    | 'allowProfileCredentialsForIncoming'
  >;
}

/** What the tests found about one channel. */
export interface ChannelFacts {
  readonly status: 'notRun' | 'success' | 'failure';
  readonly enabled: boolean;
  readonly paused: boolean;
  /** What a person reads about the last failure; null when there is none. */
  readonly advice: string | null;
  /** ISO instant; null: not by itself. */
  readonly nextAttemptAt: string | null;
}

/** For "what is missing before this mailbox works?": the readiness, and what the tests found. */
export interface MissingFacts extends ReadinessFacts {
  readonly channels: Readonly<Record<MailChannel, ChannelFacts>>;
  /** The channels of the open test. */
  readonly testing: readonly MailChannel[];
}
