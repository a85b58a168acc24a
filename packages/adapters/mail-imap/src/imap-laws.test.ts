import { EmailAddress, Host, type ProbeTarget, Secret } from '@mailroom/domain';
import { mailProbeLaws, type ProbeCase, type ProbeScenario } from '@mailroom/domain/testing';
import { type Connector, createConnector } from '@mailroom/mail-check';
import {
  createCertificates,
  type RunningServer,
  type Scenario,
  scenarios,
  silence,
  startImapServer,
} from '@mailroom/mail-sandbox';
import { imapProbe } from './imap-probe.ts';

const address = 'ada@example.test';
const password = 'open-sesame-0815';
const certificates = createCertificates();

interface Given {
  readonly host: string;
  readonly port: number;
  readonly tls: ProbeTarget['tls'];
  readonly ca: string;
  readonly server: RunningServer | undefined;
  readonly userName: string;
  readonly secret: string;
  readonly kind: 'password' | 'token';
  readonly address: string;
  /** Short limits, for servers that never answer. */
  readonly isSilent: boolean;
  readonly close: () => Promise<void>;
}

/** One for each deployment, as in a process: making a TLS context costs more than a check. */
const connectors = new Map<string, Connector>();
const connectorFor = ({ ca, tls, isSilent }: Given): Connector => {
  const key = `${ca} ${String(tls === 'none')} ${String(isSilent)}`;
  const connector =
    connectors.get(key) ??
    createConnector({
      policy: {
        allowedAddresses: ['127.0.0.0/8'],
        trustedCertificates: [ca],
        ports: 'unrestricted',
        allowUnencrypted: tls === 'none',
        allowBasicAuthenticationUnencrypted: tls === 'none',
      },
      limits: isSilent ? { connectMs: 500, tlsMs: 500, lookMs: 500 } : {},
    });
  connectors.set(key, connector);
  return connector;
};

const caseOf = (given: Given): ProbeCase<'imap'> => {
  const limits = given.isSilent ? { greetingMs: 500, commandMs: 500, loginMs: 500 } : {};
  const probe = imapProbe({ connector: connectorFor(given), limits });
  return {
    probe,
    target: {
      protocol: 'imap',
      host: Host.orThrow(given.host),
      port: given.port,
      tls: given.tls,
      mechanism: 'auto',
      address: EmailAddress.orThrow(given.address),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: 20_000,
    },
    credentials: { userName: given.userName, secret: new Secret(given.secret), kind: given.kind, ofProfile: false },
    open: () => given.server?.open ?? 0,
    close: async () => {
      await probe.close();
      await given.close();
    },
  };
};

const started = async (
  options: Parameters<typeof startImapServer>[0],
  isSilent: boolean,
): Promise<ProbeCase<'imap'>> => {
  const { ca, leafs } = await certificates;
  const server = await startImapServer({
    tls: 'starttls',
    certificate: leafs.good,
    accounts: [{ userName: address, password, address }],
    ...options,
  });
  const { host, port, tls } = server;
  const close = (): Promise<void> => server.close();
  return caseOf({
    ...{ host, port, tls, ca, server, address, isSilent, close },
    ...{ userName: address, secret: password, kind: 'password' },
  });
};

/** These need a revocation list, or a message that is really sent. */
const isOfACheck = ({ protocol, needs }: Scenario): boolean =>
  protocol === 'imap' && !(['crl', 'message', 'roundTrip'] as const).some((need) => needs.includes(need));

const lawOf = (scenario: Scenario): ProbeScenario<'imap'> => ({
  name: scenario.name,
  truth: scenario.truth,
  start: async (split) => {
    const running = await scenario.start({
      certificates: await certificates,
      ...(split === undefined ? {} : { split }),
    });
    const { host, port, tls, ca, server, userName, token } = running;
    const close = (): Promise<void> => running.close();
    const { kind } = scenario.truth;
    const isSilent = kind.endsWith('Timeout') || kind === 'TlsExpectedOnPort';
    const credentials = {
      secret: token ?? running.password,
      kind: token === undefined ? 'password' : 'token',
    } as const;
    return caseOf({ host, port, tls, ca, server, userName, address: running.address, isSilent, close, ...credentials });
  },
});

mailProbeLaws('imap', {
  working: (split) => started(split === undefined ? {} : { split }, false),
  silent: () => started({ rules: [{ at: 'greeting', reaction: silence() }] }, true),
  scenarios: scenarios.filter(isOfACheck).map(lawOf),
});
