import { isPortAllowed, type PortPolicy } from '@mailroom/domain';

/** The part of the deployment's policy that connections obey. A `DeploymentPolicy` of the domain is one. */
export interface ConnectionPolicy {
  /** CIDR ranges that may be connected to although they are private or loopback. */
  readonly allowedAddresses: readonly string[];
  /** PEM texts of certificate authorities trusted besides the system's. */
  readonly trustedCertificates: readonly string[];
  readonly ports: PortPolicy;
  /** Connections without TLS. Off: `tls: none` is refused before any packet. */
  readonly allowUnencrypted: boolean;
  /** Plain text passwords over connections without TLS. */
  readonly allowBasicAuthenticationUnencrypted: boolean;
}

/** Whether the deployment permits this port. */
export const permitsPort = ({ ports }: Pick<ConnectionPolicy, 'ports'>, port: number): boolean =>
  isPortAllowed(ports, port);
