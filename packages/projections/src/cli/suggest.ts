import { readFileSync } from 'node:fs';
import { EmailAddress, type PortPolicy } from '@mailroom/domain';
import type { FetchDocument, RecordResolver, Resolver, Suggestion } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { colours } from './colours.ts';
import { BadInput, type ExitCode, type Io, printJson } from './io.ts';

/** As commander hands them over. */
export interface SuggestFlags {
  readonly ca: readonly string[];
  readonly allow: readonly string[];
  readonly ports?: string;
  readonly timeout?: string;
  readonly json?: boolean;
}

/** Whom to ask, instead of the network of this machine. */
export interface Network {
  readonly resolver?: Resolver;
  readonly records?: RecordResolver;
  readonly fetch?: FetchDocument;
}

interface SuggestInput {
  readonly address: EmailAddress;
  readonly ports: PortPolicy;
  readonly trustedCertificates: readonly string[];
  readonly deadlineMs: number | null;
}

const longestTimeout = 600;

/** A preset by name, or ports with commas between them; null for anything else. */
const portsOf = (text: string): PortPolicy | null => {
  if (text === 'government-2017' || text === 'commercial-2025') return text;
  const ports = text.split(',').map((each) => (/^\d{1,5}$/.test(each.trim()) ? Number(each) : 0));
  return ports.every((port) => port >= 1 && port <= 65_535) ? ports : null;
};

const read = (addressText: string, flags: SuggestFlags): SuggestInput => {
  const findings: string[] = [];
  const address = EmailAddress.from(addressText);
  if (E.isLeft(address)) findings.push(`ADDRESS: expected ${address.left.expected}`);
  const ports = flags.ports === undefined ? 'unrestricted' : portsOf(flags.ports);
  if (ports === null) findings.push('--ports: expected ports such as 465,587,993, government-2017 or commercial-2025');
  const seconds = flags.timeout === undefined ? null : /^\d{1,3}$/.test(flags.timeout) ? Number(flags.timeout) : 0;
  if (seconds !== null && (seconds < 1 || seconds > longestTimeout)) {
    findings.push(`--timeout: expected a whole number of seconds from 1 to ${longestTimeout}`);
  }
  const trustedCertificates = flags.ca.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      findings.push(`--ca: expected a readable PEM file, ${file} is none`);
      return [];
    }
  });
  if (E.isLeft(address) || ports === null || findings.length > 0) throw new BadInput(findings);
  return { address: address.right, ports, trustedCertificates, deadlineMs: seconds === null ? null : seconds * 1000 };
};

const sources: Readonly<Record<Suggestion['source'], string>> = {
  autoconfig: 'its autoconfig file',
  provider: 'the list of providers',
  srv: 'its SRV records',
  mx: 'the host that takes its mail',
  name: 'a usual name',
};

const inWords = (suggestion: Suggestion): string => {
  const { protocol, host, port, tls, userName, provider, source, warnings, isOutsideDomain } = suggestion;
  const facts = [
    tls === 'tls' ? 'TLS' : 'STARTTLS',
    ...(userName === null ? [] : [`user name ${userName}`]),
    ...(provider === null ? [] : [provider]),
    `from ${sources[source]}`,
  ];
  const remarks = [
    ...(isOutsideDomain ? ['lies outside of the domain of the address: make sure that it is meant'] : []),
    ...warnings,
  ];
  const line = `  ${protocol.toUpperCase().padEnd(5)} ${host}:${port}  ${colours.dim(facts.join(', '))}`;
  return [line, ...remarks.map((remark) => `        ${colours.yellow('!')} ${remark}`)].join('\n');
};

/**
 * Server settings for an address, best first, each of them reached but not logged in to. Exit code 1: no server was
 * found.
 */
export const suggest = async (
  addressText: string,
  flags: SuggestFlags,
  io: Io,
  { resolver, ...network }: Network = {},
): Promise<ExitCode> => {
  const { address, ports, trustedCertificates, deadlineMs } = read(addressText, flags);
  const { createConnector, suggestSettings } = await import('@mailroom/mail-check');
  const policy = {
    allowedAddresses: flags.allow,
    trustedCertificates,
    ports,
    allowUnencrypted: false,
    allowBasicAuthenticationUnencrypted: false,
  };
  const connectorOf = (): ReturnType<typeof createConnector> => {
    try {
      return createConnector({ policy, ...(resolver === undefined ? {} : { resolver }) });
    } catch (error) {
      throw new BadInput([
        `--allow, --ca: ${error instanceof Error ? error.message : 'expected a CIDR range, a PEM file'}`,
      ]);
    }
  };
  const suggestions = await suggestSettings(address, {
    connector: connectorOf(),
    ...network,
    ...(deadlineMs === null ? {} : { deadlineMs }),
    signal: io.signal,
  });
  if (flags.json === true) printJson(io, { suggestions });
  else if (suggestions.length === 0) io.out('No mail server was found for this address.\n');
  else io.out(`${suggestions.map(inWords).join('\n')}\n`);
  return suggestions.length === 0 ? 1 : 0;
};
