import type { CheckReport, Failure, FailureKind } from '@mailroom/domain';

export interface BreakerOptions {
  /** Failures in a row after which the endpoint is left alone. */
  readonly threshold: number;
  /** How long it is left alone before one check tries it again, in milliseconds. */
  readonly openMs: number;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

export const defaultBreaker: BreakerOptions = { threshold: 3, openMs: 30_000, now: () => performance.now() };

/** Kinds that say something about the server as a whole: connectivity, TLS, overload. A refused login never does. */
const aboutServer: ReadonlySet<FailureKind> = new Set([
  'DnsNotFound',
  'DnsTemporaryFailure',
  'NoUsableAddress',
  'ConnectionRefused',
  'HostUnreachable',
  'ConnectTimeout',
  'ConnectionReset',
  'ConnectionClosedByServer',
  'GreetingTimeout',
  'TlsExpectedOnPort',
  'PlaintextOnTlsPort',
  'ProtocolMismatch',
  'ServerRejectedConnection',
  'StartTlsNotOffered',
  'StartTlsRefused',
  'StartTlsInjection',
  'TlsHandshakeFailed',
  'TlsVersionUnsupported',
  'TlsHandshakeTimeout',
  'CertificateExpired',
  'CertificateNotYetValid',
  'CertificateHostnameMismatch',
  'CertificateUntrusted',
  'CertificateRevoked',
  'CertificateMisused',
  'ServerTemporarilyUnavailable',
]);

const isAboutServer = ({ kind, scope }: Failure): boolean => scope === 'profile' && aboutServer.has(kind);

/** One circuit: whether an endpoint may be tried, as one organization sees it. */
export interface Circuit {
  /** The failure that is known without trying; null when trying is right. */
  readonly known: () => Failure | null;
  /** Says that a check has begun: while the circuit is half open only one may. */
  readonly begin: () => void;
  readonly record: (report: CheckReport) => void;
  /** Whether the last check got through to the server. */
  readonly isProven: () => boolean;
}

/** A closed circuit. */
export const createCircuit = ({ threshold, openMs, now }: BreakerOptions): Circuit => {
  let inARow = 0;
  let last: Failure | null = null;
  let openUntil = -Infinity;
  let trying = false;
  let proven = false;

  return {
    known: () => {
      if (last === null || inARow < threshold) return null;
      return now() < openUntil || trying ? last : null;
    },
    begin: () => {
      trying = inARow >= threshold;
    },
    record: ({ failure }) => {
      trying = false;
      // What ended for our own reasons says nothing about the server.
      if (failure?.disposition === 'ours') return;
      if (failure === null || !isAboutServer(failure)) {
        inARow = 0;
        last = null;
        proven = true;
        return;
      }
      inARow += 1;
      last = failure;
      proven = false;
      if (inARow >= threshold) openUntil = now() + openMs;
    },
    isProven: () => proven,
  };
};
