import {
  type CheckReport,
  EmailAddress,
  Host,
  type IncomingProtocol,
  type ProtocolProbe,
  roundTrip,
  Secret,
  type TestMessage,
} from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { imapProbe } from '@mailroom/mail-imap';
import { pop3Probe } from '@mailroom/mail-pop3';
import {
  behaviour,
  createAccounts,
  createCertificates,
  createMessageStore,
  type RunningScenario,
  scenarios,
  startImapServer,
  startPop3Server,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { smtpProbe } from '@mailroom/mail-smtp';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';

interface Side {
  readonly host: string;
  readonly port: number;
  readonly tls: 'tls' | 'starttls' | 'none';
}

/** A clock that moves only while somebody waits; what is due then happens first. */
const waiting = (due: () => void = () => undefined, stepMs?: number) => {
  let at = 0;
  return {
    now: () => at,
    pause: async (ms: number) => {
      at += stepMs ?? ms;
      due();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

const connectors = new Map<string, ReturnType<typeof createConnector>>();
const connectorFor = (ca: string) => {
  const connector =
    connectors.get(ca) ??
    createConnector({
      policy: {
        allowedAddresses: ['127.0.0.0/8'],
        trustedCertificates: [ca],
        ports: 'unrestricted',
        allowUnencrypted: false,
        allowBasicAuthenticationUnencrypted: false,
      },
    });
  connectors.set(ca, connector);
  return connector;
};

interface Trip {
  readonly ca: string;
  readonly outgoing: Side;
  readonly incoming: Side & { readonly protocol: IncomingProtocol };
  readonly userName: string;
  readonly password: string;
  readonly address: string;
  readonly clock?: ReturnType<typeof waiting>;
}

const travel = async ({ ca, outgoing, incoming, userName, password, address, clock = waiting() }: Trip) => {
  const connector = connectorFor(ca);
  const credentials = { userName, secret: new Secret(password), kind: 'password', ofProfile: false } as const;
  const common = {
    mechanism: 'auto',
    address: EmailAddress.orThrow(address),
    loginTemplate: null,
    folderTemplate: null,
    deadlineMs: 20_000,
  } as const;
  const checksOf =
    <P extends 'smtp' | IncomingProtocol>(probe: ProtocolProbe<P>, { host, port, tls }: Side) =>
    async (options: { readonly testMessage?: TestMessage; readonly onMark?: (mark: string) => void }) => {
      const target = { ...common, protocol: probe.protocol, host: Host.orThrow(host), port, tls };
      return E.right<never, CheckReport>(await probe.check(target, credentials, options));
    };
  const look =
    incoming.protocol === 'imap'
      ? checksOf(imapProbe({ connector }), incoming)
      : checksOf(pop3Probe({ connector }), incoming);
  const send = checksOf(smtpProbe({ connector }), outgoing);
  const plan = { address: common.address, uniqueId: 'e5a1c2', send, look, signal: undefined, ...clock };
  const travelled = await roundTrip<never, CheckReport>(plan);
  if (E.isLeft(travelled)) throw new Error('nothing stops it');
  return travelled.right;
};

const certificates = createCertificates();

describe.each(['imap', 'pop3'] as const)('a message that a mailbox sends to itself and finds by %s', (protocol) => {
  test('arrives, is removed again, and nothing else is touched', async () => {
    const { ca, leafs } = await certificates;
    const [address, password] = ['ada@example.test', 'open-sesame-0815'];
    const store = createMessageStore();
    store.deliver(address, 'Subject: Another\r\nMessage-ID: <another@example.test>\r\n\r\nStays.\r\n');
    const options = {
      accounts: createAccounts([{ userName: address, password, address }]),
      store,
      tls: 'tls',
      certificate: leafs.good,
    } as const;
    const smtp = await startSmtpServer(options);
    const incoming = await { imap: startImapServer, pop3: startPop3Server }[protocol](options);
    const report = await travel({
      ...{ ca, userName: address, password, address },
      outgoing: smtp,
      incoming: { protocol, host: incoming.host, port: incoming.port, tls: incoming.tls },
    });
    expect(report).toMatchObject({ verdict: 'passed', failure: null, warnings: [] });
    expect(report.sent?.steps.find(({ step }) => step === 'data')?.status).toBe('passed');
    expect(report.found.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['find', 'cleanup']));
    expect(store.folder(address).messages.map(({ content }) => String(content))).toEqual([
      expect.stringContaining('Subject: Another'),
    ]);
    await smtp.close();
    await incoming.close();
  });
});

test.each([
  ['imap', startImapServer],
  ['pop3', startPop3Server],
] as const)(
  'by %s, what an interrupted one has left is found instead of sent again, every copy',
  async (protocol, start) => {
    const { ca, leafs } = await certificates;
    const [address, password] = ['ada@example.test', 'open-sesame-0815'];
    const store = createMessageStore();
    const left = 'Subject: Mailroom test\r\nMessage-ID: <e5a1c2.mailroom@example.test>\r\n\r\nLeft.\r\n';
    for (let copy = 0; copy < 2; copy += 1) store.deliver(address, left);
    store.deliver(address, 'Subject: Another\r\nMessage-ID: <another@example.test>\r\n\r\nStays.\r\n');
    const accounts = createAccounts([{ userName: address, password, address }]);
    const options = { accounts, store, tls: 'tls', certificate: leafs.good } as const;
    const smtp = await startSmtpServer(options);
    const incoming = await start(options);
    const report = await travel({
      ...{ ca, userName: address, password, address },
      outgoing: sideOf(smtp),
      incoming: { ...sideOf(incoming), protocol },
    });
    expect(report).toMatchObject({ verdict: 'passed', failure: null, sent: null });
    expect(store.folder(address).messages.map(({ content }) => String(content))).toEqual([
      expect.stringContaining('Subject: Another'),
    ]);
    await smtp.close();
    await incoming.close();
  },
);

const sideOf = ({ host, port, tls }: Side): Side => ({ host, port, tls });

/** A scenario in which the message goes wrong; the other side is a server of its own where it brings none. */
const tripOf = async (running: RunningScenario, clock: Trip['clock']) => {
  const { ca, userName, password, address, other } = running;
  if (other === undefined || (other.protocol !== 'imap' && other.protocol !== 'pop3')) return null;
  return travel({
    ...{ ca, userName, password, address },
    outgoing: sideOf(running),
    incoming: { ...sideOf(other), protocol: other.protocol },
    ...(clock === undefined ? {} : { clock }),
  });
};

describe('what becomes of the message is told apart, and named', () => {
  const withOther = scenarios.filter(({ protocol, needs }) => protocol === 'smtp' && needs.includes('roundTrip'));
  test.each(withOther.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const running = await scenario.start({ certificates: await certificates });
    try {
      const clock = waiting(() => running.gate?.open(), scenario.kind === 'TestMessageDelayed' ? 61_000 : undefined);
      const report = await tripOf(running, clock);
      const { kind, disposition, scope, field } = scenario.truth;
      const isWarning = disposition === 'warning';
      const seen = isWarning ? report?.warnings.find((one) => one.kind === kind) : report?.failure;
      expect(seen ?? report).toMatchObject({ kind, disposition, scope, field });
      expect(report?.verdict).toBe(isWarning ? 'warning' : 'failed');
    } finally {
      await running.close();
    }
  });
});

describe('a message that the server refuses', () => {
  const refusedAtContent = scenarios.filter(({ protocol, needs }) => protocol === 'smtp' && needs.includes('message'));
  test.each(refusedAtContent.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const running = await scenario.start({ certificates: await certificates });
    const connector = connectorFor(running.ca);
    const report = await smtpProbe({ connector }).check(
      {
        ...sideOf(running),
        protocol: 'smtp',
        host: Host.orThrow(running.host),
        mechanism: 'auto',
        address: EmailAddress.orThrow(running.address),
        loginTemplate: null,
        folderTemplate: null,
        deadlineMs: 20_000,
      },
      { userName: running.userName, secret: new Secret(running.password), kind: 'password', ofProfile: false },
      { testMessage: { messageId: 'e5a1c2@example.test', subject: 'Mailroom test', mark: null } },
    );
    const { kind, disposition, scope, field } = scenario.truth;
    expect(report.failure).toMatchObject({ kind, disposition, scope, field });
    await running.close();
  });
});

test.each([
  ['imap', startImapServer, 'imap-cleanup-fails'],
  ['pop3', startPop3Server, 'pop3-cleanup-fails'],
] as const)('a message that %s cannot remove is pointed out', async (protocol, start, name) => {
  const { ca, leafs } = await certificates;
  const [address, password] = ['ada@example.test', 'open-sesame-0815'];
  const account = { userName: address, password, address };
  const options = { store: createMessageStore(), tls: 'tls', certificate: leafs.good } as const;
  const smtp = await startSmtpServer({ ...options, accounts: createAccounts([account]) });
  const incoming = await start({
    ...options,
    accounts: createAccounts([{ ...account, behaviours: [behaviour(name)] }]),
  });
  const report = await travel({
    ...{ ca, userName: address, password, address },
    outgoing: smtp,
    incoming: { ...sideOf(incoming), protocol },
  });
  expect(report.verdict).toBe('warning');
  expect(report.warnings.map(({ kind }) => kind)).toEqual(['CleanupFailed']);
  const [warning] = report.warnings;
  expect(warning !== undefined && 'advice' in warning && warning.advice.sentence).toContain(report.subject);
  await smtp.close();
  await incoming.close();
});
