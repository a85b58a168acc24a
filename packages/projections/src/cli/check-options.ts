import { readFileSync } from 'node:fs';
import {
  automaticPort,
  automaticTls,
  EmailAddress,
  Host,
  type IncomingProtocol,
  Port,
  type Protocol,
  Protocol as ProtocolCodec,
  Secret,
  TlsMode,
  UserName,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { BadInput, type Io } from './io.ts';

/** As commander hands them over. */
export interface CheckFlags {
  readonly tls?: string;
  readonly user: string;
  readonly passwordEnv: string;
  readonly from?: string;
  readonly ca: readonly string[];
  readonly allow: readonly string[];
  readonly allowUnencrypted?: boolean;
  readonly timeout?: string;
  readonly roundTrip?: string;
  readonly json?: boolean;
}

/** Where a message that the mailbox sends to itself is looked for. */
interface WayBack {
  readonly protocol: IncomingProtocol;
  readonly host: Host;
  readonly port: number;
  readonly tls: TlsMode;
}

export interface CheckInput {
  readonly protocol: Protocol;
  readonly host: Host;
  readonly port: number;
  readonly tls: TlsMode;
  readonly userName: UserName;
  readonly secret: Secret;
  readonly address: EmailAddress;
  readonly trustedCertificates: readonly string[];
  readonly allowedAddresses: readonly string[];
  readonly allowUnencrypted: boolean;
  readonly deadlineMs: number | null;
  /** Null: nothing is sent. */
  readonly roundTrip: WayBack | null;
}

const longestTimeout = 600;

/** Stands where a protocol needs no address; reserved by RFC 2606, so it is nobody's. */
const nobody = EmailAddress.orThrow('nobody@example.invalid');

const numberOf = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : NaN);

/** `imap://mail.example.org:993`; the port may be left out. */
const readWayBack = (text: string, asked: TlsMode | null): WayBack | null => {
  const parts = /^(imap|pop3):\/\/(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  const host = Host.from(parts?.[2] ?? parts?.[3] ?? '');
  const chosen = parts?.[4] === undefined ? E.right(null) : Port.decode(numberOf(parts[4]));
  if (parts === null || E.isLeft(host) || E.isLeft(chosen)) return null;
  const protocol: IncomingProtocol = parts[1] === 'imap' ? 'imap' : 'pop3';
  const tls = asked ?? automaticTls(protocol, chosen.right, 'unrestricted');
  const port = chosen.right ?? automaticPort(protocol, tls, 'unrestricted');
  return port === null ? null : { protocol, host: host.right, port, tls };
};

/** Every finding at once; the value of the password is looked at by nobody. */
export const readCheck = (
  protocolText: string,
  hostText: string,
  portText: string | undefined,
  flags: CheckFlags,
  { env }: Pick<Io, 'env'>,
): CheckInput => {
  const findings: string[] = [];
  const need = <A>(name: string, expected: string, decoded: E.Either<unknown, A>): A | null => {
    if (E.isRight(decoded)) return decoded.right;
    findings.push(`${name}: expected ${expected}`);
    return null;
  };

  const protocol = need('PROTOCOL', 'imap, pop3 or smtp', ProtocolCodec.decode(protocolText));
  const host = need('HOST', 'a host name or IP address, without scheme, port or path', Host.from(hostText));
  const chosen =
    portText === undefined ? null : need('PORT', 'a port from 1 to 65535', Port.decode(numberOf(portText)));
  const asked = flags.tls === undefined ? null : need('--tls', 'tls, starttls or none', TlsMode.decode(flags.tls));
  const userName = need('--user', 'a user name of 1 to 250 characters', UserName.from(flags.user));
  const from = flags.from === undefined ? null : need('--from', 'an email address', EmailAddress.from(flags.from));

  const password = env[flags.passwordEnv];
  if (password === undefined || password === '') {
    findings.push(`--password-env: expected the name of an environment variable that is set`);
  }
  const trustedCertificates = flags.ca.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      findings.push(`--ca: expected a readable PEM file, ${file} is none`);
      return [];
    }
  });
  const seconds = flags.timeout === undefined ? null : numberOf(flags.timeout);
  if (seconds !== null && !(seconds >= 1 && seconds <= longestTimeout)) {
    findings.push(`--timeout: expected a whole number of seconds from 1 to ${longestTimeout}`);
  }

  const ownAddress = EmailAddress.from(flags.user);
  const address = from ?? (E.isRight(ownAddress) ? ownAddress.right : null);
  if (protocol === 'smtp' && address === null && flags.from === undefined) {
    findings.push('--from: expected the address to send from, because the user name is none');
  }

  const roundTrip = flags.roundTrip === undefined ? null : readWayBack(flags.roundTrip, asked);
  if (flags.roundTrip !== undefined && roundTrip === null) {
    findings.push('--round-trip: expected imap://HOST[:PORT] or pop3://HOST[:PORT]');
  }
  if (flags.roundTrip !== undefined && protocol !== null && protocol !== 'smtp') {
    findings.push('--round-trip: expected only with smtp, which sends the message');
  }

  if (protocol === null || host === null || userName === null || password === undefined || findings.length > 0) {
    throw new BadInput(findings);
  }
  const tls = asked ?? automaticTls(protocol, chosen, 'unrestricted');
  const port = chosen ?? automaticPort(protocol, tls, 'unrestricted');
  if (port === null) throw new BadInput(['PORT: expected a port from 1 to 65535']);
  return {
    protocol,
    host,
    port,
    tls,
    userName,
    secret: new Secret(password),
    address: address ?? nobody,
    trustedCertificates,
    allowedAddresses: flags.allow,
    allowUnencrypted: flags.allowUnencrypted ?? false,
    deadlineMs: seconds === null ? null : seconds * 1000,
    roundTrip,
  };
};
