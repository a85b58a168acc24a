import { domainOf, type EmailAddress, type Protocol } from '@mailroom/domain';
import { domainToASCII } from 'node:url';
import type { Provider } from '../classify/provider.ts';
import { knownProviders } from '../classify/providers.ts';
import { permitsPort } from '../connect/connection-policy.ts';
import type { Connector } from '../connect/connector-types.ts';
import { createFetchDocument, type FetchDocument } from './fetch-document.ts';
import { hostNamed, isWithinDomain } from './host-name.ts';
import { createRecordResolver, type RecordResolver } from './records.ts';
import { exchangersOf, fromAutoconfig, fromExchangers, fromNames, fromProviders, fromSrv } from './sources.ts';
import { type Candidate, distinct, ranked, type Suggestion } from './suggestion.ts';
import { verify } from './verify.ts';

export interface SuggestOptions {
  /** Through it goes every connection: its policy decides on ports and addresses. */
  readonly connector: Connector;
  /** SRV and MX records; default: the DNS servers of this machine. */
  readonly records?: RecordResolver;
  /** Default: https over the connector. */
  readonly fetch?: FetchDocument;
  /** Own providers go in front; default: `knownProviders`. */
  readonly providers?: readonly Provider[];
  /**
   * Addresses under which a directory of autoconfig files is asked for the domain, such as
   * `https://autoconfig.thunderbird.net/v1.1/`. Default: none, so that nobody else learns it.
   */
  readonly directories?: readonly string[];
  /** For all of it, in milliseconds; default 45,000. What has been verified by then is the answer. */
  readonly deadlineMs?: number;
  /** Ends the search; what has been verified by then is the answer. */
  readonly signal?: AbortSignal;
}

/** Most candidates that strangers may make this machine connect to for one address. */
const maxCandidates = 24;
const concurrency = 6;

const protocols: readonly Protocol[] = ['imap', 'pop3', 'smtp'];

/**
 * Server settings for an address, best first: incoming before outgoing, TLS before STARTTLS, IMAP before POP3. Candidates
 * come from the domain's autoconfig file, the provider table, SRV and MX records and, for protocols of which none of
 * these names a server that answers, from usual names. Each was reached, encrypted, with a valid certificate, without
 * any credentials; those that were not are left out, whatever the reason. Never rejects.
 */
export const suggestSettings = async (
  address: EmailAddress,
  options: SuggestOptions,
): Promise<readonly Suggestion[]> => {
  const { connector, records = createRecordResolver(), providers = knownProviders, directories = [] } = options;
  const fetch = options.fetch ?? createFetchDocument(connector);
  const domain = hostNamed(domainToASCII(domainOf(address)));
  if (domain === null) return [];

  const signal = AbortSignal.any([
    AbortSignal.timeout(options.deadlineMs ?? 45_000),
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  const tried = new Set<string>();
  const verifyAll = async (candidates: readonly Candidate[]): Promise<readonly Suggestion[]> => {
    const waiting = distinct(candidates)
      .filter((candidate) => permitsPort(connector.policy, candidate.port) && !tried.has(keyOf(candidate)))
      .slice(0, maxCandidates);
    for (const candidate of waiting) tried.add(keyOf(candidate));
    const results: (Suggestion | null)[] = waiting.map(() => null);
    const queue = waiting.entries();
    const work = async (): Promise<void> => {
      for (const [index, candidate] of queue) {
        if (signal.aborted) return;
        const verified = await verify(candidate, connector, signal);
        if (verified === null) continue;
        const provider = candidate.provider ?? providerOf(providers, candidate.host);
        const isOutsideDomain = provider === null && !isWithinDomain(candidate.host, domain);
        results[index] = { ...verified, provider, isOutsideDomain };
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return results.filter((result) => result !== null);
  };

  const [autoconfig, srv, exchangers] = await Promise.all([
    fromAutoconfig(address, domain, directories, fetch, signal),
    fromSrv(domain, records, signal),
    exchangersOf(domain, records, signal),
  ]);
  const named = await verifyAll([
    ...autoconfig,
    ...fromProviders(providers, domain),
    ...srv.candidates,
    ...fromExchangers(providers, domain, exchangers),
  ]);
  const missing = protocols.filter((protocol) => !isAnswered(protocol, named) && !srv.declined.includes(protocol));
  const guessed = await verifyAll(missing.flatMap((protocol) => fromNames(domain, exchangers, protocol)));
  return ranked([...named, ...guessed]);
};

const keyOf = ({ protocol, host, port, tls }: Candidate): string => `${protocol} ${host}:${port} ${tls}`;

const providerOf = (providers: readonly Provider[], host: string): string | null =>
  providers.find(({ hosts }) => hosts.some((suffix) => isWithinDomain(host, suffix)))?.name ?? null;

/** An incoming server of either protocol answers for both: only one of them is needed. */
const isAnswered = (protocol: Protocol, found: readonly Suggestion[]): boolean =>
  found.some((suggestion) => (suggestion.protocol === 'smtp') === (protocol === 'smtp'));
