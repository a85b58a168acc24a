import type { PortPolicy } from '../values/index.ts';

/** Retries of passing trouble: deployment data, the only plan there is. */
export interface RetryPlan {
  /** Wait before the second try, in seconds. Each further wait is the same, plus or minus 10 % of jitter. */
  readonly firstDelaySeconds: number;
  /** Tries in all; when they are spent the failure counts as permanent. */
  readonly attempts: number;
  /** Tries of an uncertain failure on a channel that worked before. */
  readonly uncertainAttempts: number;
}

/** What the operator of a deployment decides for all of its organizations. Plain data; it never comes from a tenant. */
export interface DeploymentPolicy {
  /** CIDR ranges that may be connected to although they are private or loopback. Link-local and metadata never. */
  readonly allowedAddresses: readonly string[];
  /** PEM texts of certificate authorities trusted besides the system's. */
  readonly trustedCertificates: readonly string[];
  readonly ports: PortPolicy;
  readonly retry: RetryPlan;
  /** AllowNonSSLEmail: connections without TLS. Off: `tls: none` is rejected. */
  readonly allowUnencrypted: boolean;
  /** AllowBasicAuthenticationOnNonSecureChannel. */
  readonly allowBasicAuthenticationUnencrypted: boolean;
  /** AllowCredentialsEntryViaNonSecureChannels. */
  readonly allowCredentialsOverInsecureChannel: boolean;
  /** AllowADBasedAuthenticationProtocols: Negotiate and NTLM, Windows Integrated for outgoing. */
  readonly allowDirectoryAuthentication: boolean;
  /** An alert is shown for this many days after the problem last occurred; the statuses tell of it longer. */
  readonly alertRetentionDays: number;
  /** Profile credentials for incoming mail (allowed by the seed; a deployment may refuse them). */
  readonly allowProfileCredentialsForIncoming: boolean;
}

/** What holds where an operator says nothing: public servers, encryption, patience. */
export const defaultDeployment: DeploymentPolicy = {
  allowedAddresses: [],
  trustedCertificates: [],
  ports: 'unrestricted',
  retry: { firstDelaySeconds: 300, attempts: 10, uncertainAttempts: 2 },
  allowUnencrypted: false,
  allowBasicAuthenticationUnencrypted: false,
  allowCredentialsOverInsecureChannel: false,
  allowDirectoryAuthentication: false,
  alertRetentionDays: 30,
  allowProfileCredentialsForIncoming: true,
};
