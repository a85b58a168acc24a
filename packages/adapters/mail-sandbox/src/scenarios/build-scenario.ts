import { type Account, createAccounts } from '../accounts/account.ts';
import { createMessageStore, type MessageStore } from '../accounts/message-store.ts';
import type { Protocol } from '../behaviours/behaviour.ts';
import { type FailureKind, type FailureTruth, truthOf } from '../behaviours/failure-kind.ts';
import type { CertificateName, Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { flavoured, type FlavourName, flavours } from '../flavours/flavours.ts';
import { startImapServer } from '../imap/imap-server.ts';
import type { ImapServerOptions } from '../imap/imap-settings.ts';
import { startPop3Server } from '../pop3/pop3-server.ts';
import type { Pop3ServerOptions } from '../pop3/pop3-settings.ts';
import type { MailServerOptions } from '../server-options.ts';
import { startSmtpServer } from '../smtp/smtp-server.ts';
import type { SmtpServerOptions } from '../smtp/smtp-settings.ts';
import { startDeafPort } from '../wire/deaf-port.ts';
import { createGate, type Gate } from '../wire/gate.ts';
import type { RunningServer, TlsMode } from '../wire/line-server.ts';
import { closedPort } from '../wire/ports.ts';
import type { Need, RunningScenario, Scenario, ScenarioOptions } from './scenario.ts';

/** What a scenario's servers are started with beside the common parts. */
export interface SetupContext {
  readonly store: MessageStore;
  readonly gate: Gate;
  readonly address: string;
}

type AnyServerOptions = Omit<SmtpServerOptions & ImapServerOptions & Pop3ServerOptions, 'accounts' | 'store'>;

/** How a scenario differs from a server and a login that work. */
export interface Setup {
  /** How the client connects, and the server too unless `serverTls` says otherwise; default `tls`. */
  readonly tls?: TlsMode;
  readonly serverTls?: TlsMode;
  /** The protocol the server speaks; default: the client's. */
  readonly serverProtocol?: Protocol;
  readonly certificate?: CertificateName;
  readonly flavour?: FlavourName;
  readonly server?: AnyServerOptions | ((context: SetupContext) => AnyServerOptions);
  readonly account?: Partial<Account>;
  /** What the client is given instead of the account's own. */
  readonly client?: { readonly password?: string; readonly token?: string; readonly address?: string };
  /** No server at all: the port is closed, or never answers. */
  readonly nobody?: 'closed' | 'deaf';
  /** A second server on the same store, for round trips. */
  readonly other?: { readonly protocol: Protocol; readonly server?: AnyServerOptions };
  readonly needs?: readonly Need[];
  /** Where this scenario's disposition, scope or field differs from its kind's. */
  readonly truth?: Partial<Omit<FailureTruth, 'kind'>>;
}

const password = 'open-sesame-4711';
const token = 'ya29.right-token-4711';

/** A scenario from its differences. `name` is given without the protocol. */
export const buildScenario = (
  protocol: Protocol,
  name: string,
  kind: FailureKind,
  when: string,
  setup: Setup = {},
): Scenario => ({
  name: `${protocol}-${name}`,
  protocol,
  tls: setup.tls ?? 'tls',
  kind,
  truth: truthOf(kind, setup.truth),
  when,
  needs: setup.needs ?? [],
  start: (options = {}) => start(protocol, setup, options),
});

const start = async (protocol: Protocol, setup: Setup, options: ScenarioOptions): Promise<RunningScenario> => {
  const { flavour = 'dovecot', tls = 'tls' } = setup;
  const host = options.host ?? '127.0.0.1';
  const certificates = options.certificates ?? (await sharedCertificates());
  const address = `ada@${flavours[flavour].domain}`;
  const account: Account = { userName: address, password, address, tokens: [token], ...setup.account };
  const store = createMessageStore();
  store.deliver(address, `From: <${address}>\r\nSubject: First\r\nMessage-ID: <first@example.test>\r\n\r\nHello.\r\n`);
  const gate = createGate();
  const accounts = createAccounts([account]);
  const given = {
    host,
    tls,
    ca: certificates.ca,
    crl: certificates.crl,
    userName: account.userName,
    password: setup.client?.password ?? account.password,
    ...(setup.needs?.includes('token') === true ? { token: setup.client?.token ?? token } : {}),
    address: setup.client?.address ?? account.address,
    gate,
  };
  if (setup.nobody === 'deaf') {
    const deaf = await startDeafPort(host);
    return { ...given, port: deaf.port, close: () => deaf.close() };
  }
  if (setup.nobody === 'closed') {
    return { ...given, port: await closedPort(host), close: () => Promise.resolve() };
  }

  const spoken = setup.serverProtocol ?? protocol;
  const special = typeof setup.server === 'function' ? setup.server({ store, gate, address }) : setup.server;
  const common = { host, accounts, store, ...(options.split === undefined ? {} : { split: options.split }) };
  const server = await startServer(spoken, {
    ...common,
    ...flavoured(flavour, spoken),
    tls: setup.serverTls ?? tls,
    certificate: certificates.leafs[setup.certificate ?? 'good'],
    ...special,
  });
  if (setup.other === undefined) return { ...given, port: server.port, server, close: () => server.close() };

  const second = await startServer(setup.other.protocol, {
    ...common,
    ...flavoured(flavour, setup.other.protocol),
    tls: 'tls',
    certificate: certificates.leafs.good,
    ...setup.other.server,
  });
  return {
    ...given,
    port: server.port,
    server,
    other: { protocol: setup.other.protocol, host, port: second.port, tls: 'tls' },
    close: async () => {
      await Promise.all([server.close(), second.close()]);
    },
  };
};

const startServer = (protocol: Protocol, options: MailServerOptions): Promise<RunningServer> =>
  ({ smtp: startSmtpServer, imap: startImapServer, pop3: startPop3Server })[protocol](options);

let shared: Promise<Certificates> | undefined;

/** Made once for the process: they cost more than everything else a scenario does. */
const sharedCertificates = (): Promise<Certificates> => (shared ??= createCertificates());
