import type { EmailAddress, Host, Protocol } from '@mailroom/domain';
import type { Provider } from '../classify/provider.ts';
import { readAutoconfig } from './autoconfig.ts';
import type { FetchDocument } from './fetch-document.ts';
import { hostNamed, isWithinDomain } from './host-name.ts';
import type { MxRecord, RecordResolver, SrvRecord } from './records.ts';
import { type Candidate, usualCandidates } from './suggestion.ts';

/** More records than this of one kind are not looked at. */
const maxRecords = 4;

/** What a provider has for the addresses of one domain of its customers. */
const ofProvider = (provider: Provider, domain: string, source: Candidate['source']): readonly Candidate[] =>
  (provider.servers ?? []).flatMap(({ protocol, host, port, tls, domains }) => {
    const name = hostNamed(host.replaceAll('{domain}', domain));
    if (name === null || (domains !== undefined && !domains.includes(domain))) return [];
    return [{ protocol, host: name, port, tls, userName: null, source, provider: provider.name }];
  });

/** What the provider table knows of addresses in this domain. */
export const fromProviders = (providers: readonly Provider[], domain: string): readonly Candidate[] =>
  providers.flatMap((provider) => (provider.domains.includes(domain) ? ofProvider(provider, domain, 'provider') : []));

/**
 * What the domain's own autoconfig file says, at its two places; then each directory's. The address goes to the domain's
 * own server only, a directory learns the domain.
 */
export const fromAutoconfig = async (
  address: EmailAddress,
  domain: string,
  directories: readonly string[],
  fetch: FetchDocument,
  signal: AbortSignal,
): Promise<readonly Candidate[]> => {
  const places = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    ...directories.map((directory) => `${directory.replace(/\/$/, '')}/${domain}`),
  ].filter((place) => URL.canParse(place));
  const documents = await Promise.all(places.map((place) => fetch(new URL(place), signal).catch(() => null)));
  const read = documents.map((document) => (document === null ? [] : readAutoconfig(document, address)));
  return read.find((candidates) => candidates.length > 0) ?? [];
};

/** Services of RFC 6186 and RFC 8314 section 5.1. */
const services: readonly (readonly [name: string, protocol: Protocol, tls: Candidate['tls']])[] = [
  ['_imaps', 'imap', 'tls'],
  ['_imap', 'imap', 'starttls'],
  ['_pop3s', 'pop3', 'tls'],
  ['_pop3', 'pop3', 'starttls'],
  ['_submissions', 'smtp', 'tls'],
  ['_submission', 'smtp', 'starttls'],
];

const byPreference = (one: SrvRecord, other: SrvRecord): number =>
  one.priority - other.priority || other.weight - one.weight;

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** What a domain's SRV records say. */
export interface Services {
  readonly candidates: readonly Candidate[];
  /** Protocols that the domain says it has not: the target "." (RFC 6186 section 3.4). */
  readonly declined: readonly Protocol[];
}

/** Asks for the SRV records of the domain. What is no host name and no port is left out. */
export const fromSrv = async (domain: string, records: RecordResolver, signal: AbortSignal): Promise<Services> => {
  const asked = await Promise.all(
    services.map(async ([service, protocol, tls]) => {
      const answers = await records.srv(`${service}._tcp.${domain}`, signal).catch(() => []);
      const candidates = [...answers]
        .sort(byPreference)
        .slice(0, maxRecords)
        .flatMap(({ name, port }): readonly Candidate[] => {
          const host = hostNamed(name);
          if (host === null || !isPort(port)) return [];
          return [{ protocol, host, port, tls, userName: null, source: 'srv', provider: null }];
        });
      return { protocol, candidates, isDeclined: answers.some(({ name }) => name === '.' || name === '') };
    }),
  );
  const candidates = asked.flatMap((each) => each.candidates);
  const declined = asked.filter(
    ({ protocol, isDeclined }) => isDeclined && candidates.every((one) => one.protocol !== protocol),
  );
  return { candidates, declined: [...new Set(declined.map(({ protocol }) => protocol))] };
};

/** The hosts that take the domain's mail, best first. */
export const exchangersOf = async (
  domain: string,
  records: RecordResolver,
  signal: AbortSignal,
): Promise<readonly Host[]> => {
  const answers: readonly MxRecord[] = await records.mx(domain, signal).catch(() => []);
  return [...answers]
    .sort((one, other) => one.priority - other.priority)
    .slice(0, maxRecords)
    .flatMap(({ exchange }) => hostNamed(exchange) ?? []);
};

/** Of a provider that takes the domain's mail, its servers. */
export const fromExchangers = (
  providers: readonly Provider[],
  domain: string,
  exchangers: readonly Host[],
): readonly Candidate[] => {
  const [provider] = exchangers.flatMap((name) =>
    providers.filter(({ exchangers: own = [] }) => own.some((suffix) => isWithinDomain(name, suffix))),
  );
  return provider === undefined ? [] : ofProvider(provider, domain, 'mx');
};

const usualNames: Readonly<Record<Protocol, readonly string[]>> = {
  imap: ['imap', 'mail'],
  pop3: ['pop3', 'pop', 'mail'],
  smtp: ['smtp', 'mail'],
};

/** Names that such servers usually have, and the host that takes the domain's mail itself. */
export const fromNames = (domain: string, exchangers: readonly Host[], protocol: Protocol): readonly Candidate[] => [
  ...usualNames[protocol].flatMap((name) => {
    const host = hostNamed(`${name}.${domain}`);
    return host === null ? [] : usualCandidates(protocol, host, 'name');
  }),
  ...exchangers.slice(0, 1).flatMap((host) => usualCandidates(protocol, host, 'mx')),
];
