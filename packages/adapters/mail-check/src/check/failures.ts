import {
  type AdviceParams,
  type Failure,
  failure,
  type FailureKind,
  type FailureOverrides,
  kindOf,
  type Phase,
  type ProbeCredentials,
  type ProbeTarget,
  type Protocol,
} from '@mailroom/domain';

const names: Readonly<Record<Protocol, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' };
/** Ports on which TLS starts with the first byte (RFC 8314). */
export const tlsPorts: Readonly<Record<Protocol, number>> = { imap: 993, pop3: 995, smtp: 465 };
const usualPorts: Readonly<Record<Protocol, string>> = {
  imap: '993 (TLS) and 143 (STARTTLS)',
  pop3: '995 (TLS) and 110 (STARTTLS)',
  smtp: '587 (STARTTLS) and 465 (TLS)',
};

/**
 * An account that a whole profile shares fails for all of its mailboxes. Where a login template names the mailbox, a
 * refusal may concern this mailbox alone, so it stays with it.
 */
const isSharedAccount = (kind: FailureKind, target: ProbeTarget, credentials: ProbeCredentials): boolean =>
  credentials.ofProfile &&
  target.loginTemplate === null &&
  kind !== 'AuthorizationFailed' &&
  (kindOf(kind).phase === 'auth' || kind === 'TooManyLogins' || kind === 'Throttled');

/**
 * A connection that ends once a login has begun concerns this mailbox: some servers end it instead of refusing a
 * password, and one wrong password must not count against everybody else on the server.
 */
const endsOneSession = (kind: FailureKind, phase: Phase | undefined): boolean =>
  (kind === 'ConnectionReset' || kind === 'ConnectionClosedByServer') &&
  phase !== undefined &&
  !['policy', 'dns', 'connect', 'proxy', 'tls', 'greeting', 'capability', 'starttls'].includes(phase);

/** Builds the failures of one check: what every advice may name is filled in, the scope fits the credentials. */
export const failuresOf =
  (target: ProbeTarget, credentials: ProbeCredentials, clean: (text: string) => string | null) =>
  (kind: FailureKind, params: AdviceParams = {}, overrides: FailureOverrides = {}): Failure =>
    failure(
      kind,
      {
        host: target.host,
        port: target.port,
        protocol: names[target.protocol],
        tlsPort: tlsPorts[target.protocol],
        usualPorts: usualPorts[target.protocol],
        ...params,
      },
      {
        ...(isSharedAccount(kind, target, credentials) ? { scope: 'profile' } : {}),
        ...(endsOneSession(kind, overrides.phase) ? { scope: 'mailbox' } : {}),
        ...overrides,
        serverText: typeof overrides.serverText === 'string' ? clean(overrides.serverText) : null,
      },
    );
