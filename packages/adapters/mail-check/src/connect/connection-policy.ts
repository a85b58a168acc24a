/** The part of the deployment's policy that connections obey. A `DeploymentPolicy` of the domain is one. */
export interface ConnectionPolicy {
  /** CIDR ranges that may be connected to although they are private or loopback. */
  readonly allowedAddresses: readonly string[];
  /** PEM texts of certificate authorities trusted besides the system's. */
  readonly trustedCertificates: readonly string[];
  readonly ports: 'unrestricted' | 'government-2017' | 'commercial-2025' | readonly number[];
  /** Connections without TLS. Off: `tls: none` is refused before any packet. */
  readonly allowUnencrypted: boolean;
  /** Plain text passwords over connections without TLS. */
  readonly allowBasicAuthenticationUnencrypted: boolean;
}

const presets = {
  'government-2017': [80, 443, 465, 995],
  'commercial-2025': [80, 443, 465, 587, 993],
} as const;

/** Whether the deployment permits this port. */
export const permitsPort = ({ ports }: Pick<ConnectionPolicy, 'ports'>, port: number): boolean => {
  if (ports === 'unrestricted') return true;
  const permitted: readonly number[] = typeof ports === 'string' ? presets[ports] : ports;
  return permitted.includes(port);
};
