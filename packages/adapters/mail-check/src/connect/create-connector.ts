import type { Failure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { isIP } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Check, RunningStep } from '../check/check.ts';
import { createAddressPolicy } from '../policy/address-policy.ts';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import { certificateFacts, daysLeft, expiringSoonDays, isoDate } from './certificate.ts';
import type { ConnectionPolicy } from './connection-policy.ts';
import type { CertificateFacts, Connector, OpenedConnection, PinnedAddress } from './connector-types.ts';
import { type Connect, dial } from './dial.ts';
import { explainMissingGreeting, explainTls, kindOfAttempts, type Look } from './explain.ts';
import { handshake } from './handshake.ts';
import { checkPolicy, resolveTarget } from './locate.ts';
import { createResolver, type Resolver } from './resolver.ts';
import { createSessionCache, createTlsContext } from './tls-contexts.ts';

/** Limits of the steps before a protocol begins, in milliseconds. */
export interface ConnectorLimits {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  /** A second look at the port, after a failure. */
  readonly lookMs: number;
}

/** Times that suit servers anywhere on the Internet. */
export const defaultConnectorLimits: ConnectorLimits = {
  dnsMs: 5_000,
  connectMs: 10_000,
  tlsMs: 10_000,
  lookMs: 2_500,
};

/** What a connector is made of; only the policy has no default. */
export interface ConnectorParts {
  readonly policy: ConnectionPolicy;
  readonly resolver?: Resolver;
  readonly limits?: Partial<ConnectorLimits>;
  /** How connections to checked addresses are begun; default: directly. */
  readonly connect?: Connect;
  /**
   * PEM texts of revocation lists. With any, a certificate is accepted only when the list of its authority is among
   * them and does not name it.
   */
  readonly revocationLists?: readonly string[];
  /** Addresses of this machine, refused like loopback; for tests. */
  readonly ownAddresses?: () => ReadonlySet<string>;
  readonly now?: () => Date;
}

/** The connector of a process. Throws at once when the policy's ranges or certificates cannot be read. */
export const createConnector = (parts: ConnectorParts): Connector => {
  const { policy, resolver = createResolver(), now = () => new Date() } = parts;
  const limits = { ...defaultConnectorLimits, ...parts.limits };
  const addresses = createAddressPolicy(policy.allowedAddresses, parts.ownAddresses ?? createOwnAddresses());
  const secureContext = createTlsContext(policy.trustedCertificates, parts.revocationLists);
  const sessions = createSessionCache();
  const connectedTo = new WeakMap<Check, PinnedAddress>();

  const endpoint = ({ target }: Check): string => `${target.protocol} ${target.host}:${target.port} ${target.tls}`;

  const tlsOptions = (check: Check): ConnectionOptions => {
    const session = sessions.find(check.bulkRun, endpoint(check));
    return {
      secureContext,
      // Checked against the certificate; an address is no server name (RFC 6066 section 3).
      host: check.target.host,
      ...(isIP(check.target.host) === 0 ? { servername: check.target.host } : {}),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(session === null ? {} : { session }),
    };
  };
  const lookOf = (check: Check): Look => {
    const { session: _resumed, ...options } = tlsOptions(check);
    return { address: connectedTo.get(check) ?? null, options, limitMs: limits.lookMs };
  };

  /** With TLS 1.3 the ticket may have come already, or comes later. */
  const keepSession = (check: Check, socket: TLSSocket): void => {
    if (check.bulkRun === null) return;
    const keep = (session: Buffer): void => sessions.keep(check.bulkRun, endpoint(check), session);
    const session = socket.getSession();
    if (session !== undefined) keep(session);
    socket.on('session', keep);
  };

  const secured = (check: Check, step: RunningStep, socket: TLSSocket): CertificateFacts | null => {
    keepSession(check, socket);
    if (socket.isSessionReused()) {
      step.detail(`${socket.getProtocol() ?? 'TLS'}, session resumed`);
      return null;
    }
    const facts = certificateFacts(socket.getPeerX509Certificate());
    if (facts === null) return null;
    step.detail(
      `${socket.getProtocol() ?? 'TLS'}, certificate of ${facts.subject} by ${facts.issuer}, valid to ${isoDate(facts.validTo)}`,
    );
    const days = daysLeft(facts, now());
    if (days < expiringSoonDays) step.warn('CertificateExpiringSoon', { days, validTo: isoDate(facts.validTo) });
    return facts;
  };

  const encrypt = async (
    check: Check,
    step: RunningStep,
    phase: 'tls' | 'starttls',
    opened: OpenedConnection,
  ): Promise<E.Either<Failure, OpenedConnection>> => {
    const result = await handshake(opened.socket, tlsOptions(check), step.signal);
    if (E.isLeft(result)) {
      return E.left(await explainTls(check, lookOf(check), phase, result.left));
    }
    const socket = result.right;
    check.onEnd(() => socket.destroy());
    const certificate = secured(check, step, socket);
    return E.right({ ...opened, socket, secured: true, certificate, tlsVersion: socket.getProtocol() });
  };

  const locate: Connector['locate'] = async (check) => {
    const allowed = await checkPolicy(check, policy, addresses);
    if (E.isLeft(allowed)) return allowed;
    const found = await resolveTarget(check, resolver, addresses, limits.dnsMs);
    if (E.isRight(found) && found.right[0] !== undefined) connectedTo.set(check, found.right[0]);
    return found;
  };

  const reach = (check: Check, pinned: readonly PinnedAddress[]): Promise<E.Either<Failure, OpenedConnection>> =>
    check.step('connect', {
      limitMs: limits.connectMs,
      onTimeout: 'ConnectTimeout',
      run: async (step) => {
        const dialled = await dial(pinned, check.target.port, step.signal, parts.connect);
        if (E.isLeft(dialled)) return check.fail(kindOfAttempts(dialled.left, pinned), {}, { phase: 'connect' });
        const { socket, address } = dialled.right;
        check.onEnd(() => socket.destroy());
        connectedTo.set(check, address);
        step.detail(`${address.address} port ${check.target.port}`);
        return E.right({ socket, address, secured: false, certificate: null, tlsVersion: null });
      },
    });

  const explain: Connector['explain'] = async (check, phase, error) => {
    if (phase === 'connect') return check.failure(kindOfAttempts([error], []), {}, { phase });
    return explainTls(check, lookOf(check), phase, error);
  };

  return {
    policy,
    locate,
    open: async (check) => {
      const pinned = await locate(check);
      if (E.isLeft(pinned)) return pinned;
      const opened = await reach(check, pinned.right);
      if (E.isLeft(opened) || check.target.tls !== 'tls') return opened;
      return check.step('tls', {
        limitMs: limits.tlsMs,
        onTimeout: () => explain(check, 'tls', Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
        run: (step) => encrypt(check, step, 'tls', opened.right),
      });
    },
    upgrade: (check, step, opened) => encrypt(check, step, 'starttls', opened),
    tlsOptions,
    secured,
    explain,
    explainGreeting: (check, instead) => explainMissingGreeting(check, lookOf(check), instead),
  };
};
