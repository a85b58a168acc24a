import type { FailureKind, Host, Protocol } from '@mailroom/domain';

/** Who named a server: the domain's autoconfig file, the provider table, SRV records, its mail exchanger, a usual name. */
export type SuggestionSource = 'autoconfig' | 'provider' | 'srv' | 'mx' | 'name';

/** Settings to be looked at; nothing of it has been proved. */
export interface Candidate {
  readonly protocol: Protocol;
  readonly host: Host;
  readonly port: number;
  readonly tls: 'tls' | 'starttls';
  /** The user name that the source says; null where it says none: usually the address. */
  readonly userName: string | null;
  readonly source: SuggestionSource;
  /** The name of a known provider that this server is of. */
  readonly provider: string | null;
}

/** Settings that a server was really reached with. No credentials were sent, so nothing is said about the account. */
export interface Suggestion extends Candidate {
  /**
   * The mechanisms that the server offers over the encrypted channel, in upper case, as it lists them. Empty where it
   * lists none: then only the protocol's own login command is left.
   */
  readonly mechanisms: readonly string[];
  /** What somebody should know of the server before using it, such as CertificateExpiringSoon. */
  readonly warnings: readonly FailureKind[];
  /**
   * The server lies outside of the address's own domain and is of no known provider: a DNS answer or a file that says
   * so may have been forged, so show its name to a person before a password goes there (RFC 6186 section 6).
   */
  readonly isOutsideDomain: boolean;
}

const ports = {
  imap: { tls: 993, starttls: 143 },
  pop3: { tls: 995, starttls: 110 },
  smtp: { tls: 465, starttls: 587 },
};

/** Both usual ways to reach a protocol on a host, with and without STARTTLS (RFC 8314). */
export const usualCandidates = (
  protocol: Protocol,
  host: Host,
  source: SuggestionSource,
  provider: string | null = null,
): readonly Candidate[] =>
  (['tls', 'starttls'] as const).map((tls) => ({
    protocol,
    host,
    port: ports[protocol][tls],
    tls,
    userName: null,
    source,
    provider,
  }));

const sources: readonly SuggestionSource[] = ['autoconfig', 'provider', 'srv', 'mx', 'name'];
const protocols: readonly Protocol[] = ['imap', 'pop3', 'smtp'];

/** Incoming before outgoing, TLS before STARTTLS, IMAP before POP3; among equals as the sources are trusted. */
const rank = ({ protocol, tls, source }: Candidate): number =>
  (protocol === 'smtp' ? 1_000 : 0) +
  (tls === 'tls' ? 0 : 100) +
  protocols.indexOf(protocol) * 10 +
  sources.indexOf(source);

/** Best first. Keeps the order of those that are equally good. */
export const ranked = <T extends Candidate>(candidates: readonly T[]): readonly T[] =>
  [...candidates].sort((one, other) => rank(one) - rank(other));

/** One for each server and way to reach it: the first that names it. */
export const distinct = <T extends Candidate>(candidates: readonly T[]): readonly T[] => {
  const byEndpoint = new Map<string, T>();
  for (const candidate of candidates) {
    const key = `${candidate.protocol} ${candidate.host.toLowerCase()}:${candidate.port} ${candidate.tls}`;
    if (!byEndpoint.has(key)) byEndpoint.set(key, candidate);
  }
  return [...byEndpoint.values()];
};
