import type { AdviceParams, Failure, FailureKind } from '@mailroom/domain';
import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { type SpokenProtocol, sniffBanner, spokenNames } from '../classify/banner.ts';
import { errorCodes, kindInPhase } from '../classify/node-error.ts';
import type { Check } from '../check/check.ts';
import { certificateFacts, isoDate } from './certificate.ts';
import type { CertificateFacts, MissingGreeting, PinnedAddress } from './connector-types.ts';
import { fetchCertificate, type PortProbe, probeBanner, probeTls } from './probe-port.ts';

/** How to look at a port after a failure. */
export interface Look {
  /** Where the check was connected to; null when it never was. */
  readonly address: PinnedAddress | null;
  readonly options: ConnectionOptions;
  /** How long a look may take. */
  readonly limitMs: number;
}

/** Looks at the port with what is left of the check. */
const look = async <T>(
  check: Check,
  { address, limitMs }: Look,
  at: (probe: PortProbe) => Promise<T>,
  otherwise: T,
): Promise<T> => {
  const budget = Math.min(limitMs, check.remainingMs() - 100);
  if (address === null || budget <= 0 || check.signal.aborted) return otherwise;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const timer = setTimeout(stop, budget);
  check.signal.addEventListener('abort', stop, { once: true });
  try {
    return await at({ address, port: check.target.port, signal: stopping.signal });
  } finally {
    clearTimeout(timer);
    check.signal.removeEventListener('abort', stop);
  }
};

const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it was issued by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send the certificate of its issuer, and that is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'a certificate of its chain is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
};

const certificateParams = (facts: CertificateFacts | null, error: unknown): AdviceParams => ({
  ...(facts === null
    ? {}
    : {
        validTo: isoDate(facts.validTo),
        validFrom: isoDate(facts.validFrom),
        names: facts.names.join(', ') || facts.subject,
      }),
  reason: errorCodes(error).flatMap((code) => reasons[code] ?? [])[0] ?? 'it cannot be verified',
});

const isAboutCertificate = (kind: FailureKind): boolean => kind.startsWith('Certificate');

const mismatch = (check: Check, found: SpokenProtocol): Failure =>
  check.failure('ProtocolMismatch', { found: spokenNames[found] });

/** What an error of a TLS handshake means; looks at the port again where the error leaves open what is wrong. */
export const explainTls = async (
  check: Check,
  how: Look,
  phase: 'tls' | 'starttls',
  error: unknown,
): Promise<Failure> => {
  const kind = kindInPhase(phase, error);
  const { protocol } = check.target;
  if (isAboutCertificate(kind)) {
    const { cert } = error as { readonly cert?: PeerCertificate };
    const known = certificateFacts(cert?.raw === undefined ? undefined : new X509Certificate(cert.raw));
    const startTls = phase === 'starttls' ? protocol : null;
    const facts = known ?? (await look(check, how, (probe) => fetchCertificate(probe, how.options, startTls), null));
    return check.failure(kind, certificateParams(facts, error), { phase });
  }
  const mayBePlain = kind === 'PlaintextOnTlsPort' || kind === 'TlsHandshakeTimeout' || kind === 'ConnectionReset';
  if (phase === 'starttls')
    return check.failure(kind === 'PlaintextOnTlsPort' ? 'TlsHandshakeFailed' : kind, {}, { phase });
  if (!mayBePlain) return check.failure(kind, {}, { phase });
  const spoken = await look(check, how, probeBanner, null);
  if (spoken === protocol) return check.failure('PlaintextOnTlsPort');
  if (spoken !== null && spoken !== 'tls') return mismatch(check, spoken);
  return check.failure(kind, {}, { phase });
};

/** Why there was no greeting of the expected protocol. Foreign bytes are named, never shown. */
export const explainMissingGreeting = async (check: Check, how: Look, instead: MissingGreeting): Promise<Failure> => {
  if (instead._tag === 'Bytes') {
    const spoken = sniffBanner(instead.first);
    if (spoken === 'tls') return check.failure('TlsExpectedOnPort');
    if (spoken === null || spoken === check.target.protocol) {
      return check.failure('MalformedResponse', {}, { phase: 'greeting' });
    }
    return mismatch(check, spoken);
  }
  const expectsTls =
    check.target.tls !== 'tls' && (await look(check, how, (probe) => probeTls(probe, how.options), false));
  if (expectsTls) return check.failure('TlsExpectedOnPort');
  return check.failure(instead._tag === 'Silence' ? 'GreetingTimeout' : 'ConnectionClosedByServer');
};

const byWeight: readonly FailureKind[] = [
  'LocalResources',
  'EgressBlocked',
  'ConnectionRefused',
  'ConnectionReset',
  'ConnectTimeout',
  'HostUnreachable',
  'NoUsableAddress',
];

/** What it means that no address could be connected to: of several attempts the one that says most. */
export const kindOfAttempts = (errors: readonly unknown[], addresses: readonly PinnedAddress[]): FailureKind => {
  const kinds = errors.map((error) => kindInPhase('connect', error));
  const onlyIPv6 = addresses.length > 0 && addresses.every(({ family }) => family === 6);
  const noRoute = kinds.length > 0 && kinds.every((kind) => kind === 'HostUnreachable' || kind === 'NoUsableAddress');
  if (noRoute && onlyIPv6) return 'NoUsableAddress';
  return byWeight.find((kind) => kinds.includes(kind)) ?? kinds[0] ?? 'ConnectTimeout';
};
