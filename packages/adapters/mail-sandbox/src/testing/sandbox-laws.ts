import {
  EmailAddress,
  Host,
  type ProbeCredentials,
  type ProbeTarget,
  type ProtocolProbe,
  Secret,
} from '@mailroom/domain';
import { mailProbeLaws, type ProbeCase, type ProbeScenario } from '@mailroom/domain/testing';
import { expect, it } from 'vitest';
import type { Protocol } from '../behaviours/behaviour.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { startImapServer } from '../imap/imap-server.ts';
import { startPop3Server } from '../pop3/pop3-server.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarios } from '../scenarios/scenarios.ts';
import type { MailServerOptions } from '../server-options.ts';
import { startSmtpServer } from '../smtp/smtp-server.ts';
import type { RunningServer } from '../wire/line-server.ts';
import { silence } from '../wire/script.ts';
import { clientScenarios, type ClientScenario } from './client-scenarios.ts';
import type { NetworkOfTest } from './network-of-test.ts';
import { missingFor } from './occurs.ts';

/** What a probe is to be made for. Loopback may be connected to. */
export interface ProbeOfTest {
  readonly trustedCertificates: readonly string[];
  readonly revocationLists: readonly string[];
  /** Connections and passwords without encryption are allowed. */
  readonly unencrypted: boolean;
  /** Steps end after half a second, because the server will not answer. */
  readonly impatient: boolean;
  readonly network: NetworkOfTest;
}

const address = 'ada@example.test';
const password = 'open-sesame-0815';
const certificates = createCertificates();
const startServer = { smtp: startSmtpServer, imap: startImapServer, pop3: startPop3Server } as const;

interface Given extends Partial<ProbeOfTest> {
  readonly host: string;
  readonly port: number;
  readonly tls: ProbeTarget['tls'];
  readonly server: RunningServer | undefined;
  readonly address?: string;
  readonly deadlineMs?: number;
  readonly credentials?: Partial<ProbeCredentials>;
  readonly signal?: AbortSignal;
  readonly close: () => Promise<void>;
}

/** Kinds that show only after something has been waited for in vain. */
const isSilent = ({ kind }: Scenario): boolean => kind.endsWith('Timeout') || kind === 'TlsExpectedOnPort';

/** These need a message that is really sent. */
const isOfACheck = ({ needs }: Scenario): boolean => !needs.includes('message') && !needs.includes('roundTrip');

/**
 * Holds the probe of a protocol to the laws of every probe, with every scenario of the sandbox that needs no message to
 * be sent, and to there being a scenario for every kind of failure that the protocol can meet.
 */
export const sandboxLaws = <P extends Protocol>(
  protocol: P,
  createProbe: (given: ProbeOfTest) => ProtocolProbe<P>,
): void => {
  const caseOf = (given: Given): ProbeCase<P> => {
    const probe = createProbe({
      trustedCertificates: [],
      revocationLists: [],
      unencrypted: given.tls === 'none',
      impatient: false,
      network: {},
      ...given,
    });
    return {
      probe,
      target: {
        protocol,
        host: Host.orThrow(given.host),
        port: given.port,
        tls: given.tls,
        mechanism: 'auto',
        address: EmailAddress.orThrow(given.address ?? address),
        loginTemplate: null,
        folderTemplate: null,
        deadlineMs: given.deadlineMs ?? 20_000,
      },
      credentials: {
        userName: address,
        secret: new Secret(password),
        kind: 'password',
        ofProfile: false,
        ...given.credentials,
      },
      ...(given.signal === undefined ? {} : { options: { signal: given.signal } }),
      open: () => given.server?.open ?? 0,
      close: async () => {
        await probe.close();
        await given.close();
      },
    };
  };

  const started = async (options: MailServerOptions, given: Partial<Given> = {}): Promise<ProbeCase<P>> => {
    const { ca, leafs } = await certificates;
    const server = await startServer[protocol]({
      tls: 'starttls',
      certificate: leafs.good,
      accounts: [{ userName: address, password, address }],
      ...options,
    });
    const { host, port, tls } = server;
    const close = (): Promise<void> => server.close();
    return caseOf({ host, port, tls, server, trustedCertificates: [ca], close, ...given });
  };

  const lawOf = (scenario: Scenario): ProbeScenario<P> => ({
    name: scenario.name,
    truth: scenario.truth,
    start: async (split) => {
      const running = await scenario.start({
        certificates: await certificates,
        ...(split === undefined ? {} : { split }),
      });
      const { token } = running;
      return caseOf({
        host: running.host,
        port: running.port,
        tls: running.tls,
        server: running.server,
        address: running.address,
        trustedCertificates: [running.ca],
        revocationLists: scenario.needs.includes('crl') ? [running.crl] : [],
        impatient: isSilent(scenario),
        credentials: {
          userName: running.userName,
          secret: new Secret(token ?? running.password),
          kind: token === undefined ? 'password' : 'token',
        },
        close: () => running.close(),
      });
    },
  });

  const lawOfClient = (scenario: ClientScenario): ProbeScenario<P> => ({
    name: scenario.name,
    truth: scenario.truth,
    start: async (split) => {
      const stopped = new AbortController();
      if (scenario.cancelled === true) stopped.abort();
      return started(
        { ...scenario.server, tls: 'tls', ...(split === undefined ? {} : { split }) },
        {
          network: scenario.network,
          signal: stopped.signal,
          ...(scenario.network.resolver === undefined ? {} : { host: 'localhost' }),
          ...(scenario.host === undefined ? {} : { host: scenario.host }),
          ...(scenario.deadlineMs === undefined ? {} : { deadlineMs: scenario.deadlineMs }),
          credentials: {
            ...(scenario.userName === undefined ? {} : { userName: scenario.userName }),
            ...(scenario.ofProfile === true ? { ofProfile: true, userName: 'service' } : {}),
          },
        },
      );
    },
  });

  mailProbeLaws(protocol, {
    working: (split) => started(split === undefined ? {} : { split }),
    silent: () => started({ rules: [{ at: 'greeting', reaction: silence() }] }, { impatient: true }),
    scenarios: [
      ...scenarios.filter((one) => one.protocol === protocol && isOfACheck(one)).map(lawOf),
      ...clientScenarios(protocol).map(lawOfClient),
    ],
  });

  it(`there is a scenario for every kind of failure that ${protocol} can meet`, () => {
    expect(missingFor(protocol)).toEqual([]);
  });
};
