import type { Failure } from '@mailroom/domain';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Check, RunningStep } from '../check/check.ts';
import type { ConnectionPolicy } from './connection-policy.ts';

/** An address that the policy permits. Only such an address is ever connected to; names are not looked up again. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** What a certificate says, as shown in a step. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses it is for. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** A connection to a checked address. Destroyed when the check ends. */
export interface OpenedConnection {
  readonly socket: Socket | TLSSocket;
  readonly address: PinnedAddress;
  /** True once TLS is established and the certificate has been verified. */
  readonly secured: boolean;
  /** Null without TLS, and when a session was resumed: a resumed session shows no certificate. */
  readonly certificate: CertificateFacts | null;
  readonly tlsVersion: string | null;
}

/** What came instead of a greeting of the expected protocol. */
export type MissingGreeting =
  { readonly _tag: 'Silence' } | { readonly _tag: 'Closed' } | { readonly _tag: 'Bytes'; readonly first: Buffer };

/** Opens connections for checks. One for each process is enough; it holds TLS contexts and nothing else. */
export interface Connector {
  readonly policy: ConnectionPolicy;
  /** Steps `policy` and `dns`: the addresses that may be connected to. No packet goes to the target. */
  readonly locate: (check: Check) => Promise<Either<Failure, readonly PinnedAddress[]>>;
  /** `locate`, then the steps `connect` and, when the target's mode is `tls`, `tls`. IPv6 first, then IPv4. */
  readonly open: (check: Check) => Promise<Either<Failure, OpenedConnection>>;
  /**
   * TLS on an open connection, after the server agreed to STARTTLS. To be called within the adapter's own step
   * `starttls`; bytes that came before the handshake are the adapter's to refuse (StartTlsInjection).
   */
  readonly upgrade: (
    check: Check,
    step: RunningStep,
    opened: OpenedConnection,
  ) => Promise<Either<Failure, OpenedConnection>>;
  /** TLS options for a library that makes the handshake itself: verified, TLS 1.2 or newer, shared context, SNI. */
  readonly tlsOptions: (check: Check) => ConnectionOptions;
  /** After a handshake that a library made: keeps the session of a bulk run, warns of a certificate about to expire. */
  readonly secured: (check: Check, step: RunningStep, socket: TLSSocket) => CertificateFacts | null;
  /** Names what an error of `connect` or of a handshake means. After a bad certificate it is fetched and described. */
  readonly explain: (check: Check, phase: 'connect' | 'tls' | 'starttls', error: unknown) => Promise<Failure>;
  /** Names why no greeting came, probing the port once more where that tells apart what it expects. */
  readonly explainGreeting: (check: Check, instead: MissingGreeting) => Promise<Failure>;
}
