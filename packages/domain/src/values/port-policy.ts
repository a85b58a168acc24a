import type { Protocol, TlsMode } from './endpoint.ts';

/** Which ports anything of a deployment may connect to: a preset by name, or the ports themselves. */
export type PortPolicy = 'unrestricted' | 'government-2017' | 'commercial-2025' | readonly number[];

const presets: Readonly<Record<Exclude<PortPolicy, 'unrestricted' | readonly number[]>, readonly number[]>> = {
  // As the seed lists them for the Government cloud: no IMAP, no STARTTLS.
  'government-2017': [80, 443, 465, 995],
  // As the article on IMAP lists them in 2025: no POP3.
  'commercial-2025': [80, 443, 465, 587, 993],
};

/** The ports a policy leaves open; null: all of them. */
export const allowedPorts = (policy: PortPolicy): readonly number[] | null => {
  if (policy === 'unrestricted') return null;
  return typeof policy === 'string' ? presets[policy] : policy;
};

/** Whether a port policy lets this port out. */
export const isPortAllowed = (policy: PortPolicy, port: number): boolean =>
  allowedPorts(policy)?.includes(port) ?? true;

/** The ports of a policy as people read them: "465, 587 or 993". */
export const portsInWords = (policy: PortPolicy): string => {
  const ports = allowedPorts(policy);
  if (ports === null) return 'any';
  if (ports.length === 0) return 'none';
  return ports.length === 1 ? String(ports[0]) : `${ports.slice(0, -1).join(', ')} or ${String(ports.at(-1))}`;
};

interface Standard {
  readonly tls: TlsMode;
  readonly port: number;
}

/** The registered ports (RFC 8314, IANA), the better choice first. */
const standards: Readonly<Record<Protocol, readonly Standard[]>> = {
  imap: [
    { tls: 'tls', port: 993 },
    { tls: 'starttls', port: 143 },
    { tls: 'none', port: 143 },
  ],
  pop3: [
    { tls: 'tls', port: 995 },
    { tls: 'starttls', port: 110 },
    { tls: 'none', port: 110 },
  ],
  smtp: [
    { tls: 'starttls', port: 587 },
    { tls: 'tls', port: 465 },
    { tls: 'none', port: 25 },
  ],
};

/** The port that belongs to a protocol and a TLS mode, or null when the policy does not allow it. */
export const automaticPort = (protocol: Protocol, tls: TlsMode, policy: PortPolicy): number | null =>
  standards[protocol].find((standard) => standard.tls === tls && isPortAllowed(policy, standard.port))?.port ?? null;

/**
 * The TLS mode where none was asked for: the one that belongs to the port, where one was chosen; otherwise the best one
 * whose port the policy allows. Never `none`.
 */
export const automaticTls = (protocol: Protocol, port: number | null, policy: PortPolicy): TlsMode => {
  const encrypted = standards[protocol].filter(({ tls }) => tls !== 'none');
  const fitting =
    port === null
      ? encrypted.find((standard) => isPortAllowed(policy, standard.port))
      : encrypted.find((standard) => standard.port === port);
  return (fitting ?? encrypted[0])?.tls ?? 'tls';
};
