import {
  automaticPort,
  automaticTls,
  EmailAddress,
  Host,
  isPortAllowed,
  Port,
  type PortPolicy,
  portsInWords,
  Secret,
  type TlsMode,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** The deployment's own mail server, as an operator writes it. */
export interface AlertMailServerOptions {
  readonly host: string;
  /** Default: 587 with STARTTLS; 465 with TLS where the port policy closes 587. */
  readonly port?: number;
  /** Default: what belongs to the port. */
  readonly tls?: TlsMode;
  /** The sender. Its domain is that of the Message-IDs. */
  readonly from: string;
  /** Left out together with the password: the server takes mail from this machine without a login. */
  readonly userName?: string;
  readonly password?: Secret | { readonly env: string };
}

/** The same, checked. */
export interface AlertMailServer {
  readonly host: Host;
  readonly port: number;
  readonly tls: TlsMode;
  readonly from: EmailAddress;
  readonly login: { readonly userName: string; readonly password: Secret } | null;
}

const controlCharacter = /[\r\n\0]/;

/**
 * Checks what an operator wrote. Left: everything that is wrong with it, each with the field and what is expected; no
 * value is repeated. `environment` is where `{ env }` is looked up.
 */
export const alertMailServer = (
  options: AlertMailServerOptions,
  ports: PortPolicy,
  environment: Readonly<Record<string, string | undefined>>,
): E.Either<readonly string[], AlertMailServer> => {
  const findings: string[] = [];
  const checked = <Value>(field: string, result: E.Either<{ readonly expected: string }, Value>): Value | null => {
    if (E.isRight(result)) return result.right;
    findings.push(`${field}: expected ${result.left.expected}`);
    return null;
  };

  const host = checked('host', Host.from(options.host));
  const from = checked('from', EmailAddress.from(options.from));
  const tls = options.tls ?? automaticTls('smtp', options.port ?? null, ports);
  const found = options.port ?? automaticPort('smtp', tls, ports);
  if (found === null) findings.push('port: the port policy of this deployment permits none for sending mail');
  else if (!Port.is(found)) findings.push(`port: expected ${Port.name}`);
  else if (!isPortAllowed(ports, found)) {
    findings.push(`port: expected one that the port policy of this deployment opens: ${portsInWords(ports)}`);
  }

  const { userName, password } = options;
  if ((userName === undefined) !== (password === undefined)) findings.push('userName, password: expected both or none');
  if (userName !== undefined && (userName === '' || controlCharacter.test(userName))) {
    findings.push('userName: expected one line of text');
  }
  const secret = password === undefined || password instanceof Secret ? password : environment[password.env];
  if (password !== undefined && secret === undefined) {
    findings.push('password: expected the name of an environment variable that is set');
  }
  const given = typeof secret === 'string' ? new Secret(secret) : secret;
  if (findings.length > 0 || host === null || from === null || !Port.is(found)) return E.left(findings);
  const login = userName === undefined || given === undefined ? null : { userName, password: given };
  return E.right({ host, port: found, tls, from, login });
};
