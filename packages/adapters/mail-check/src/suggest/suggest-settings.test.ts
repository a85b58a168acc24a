import { EmailAddress } from '@mailroom/domain';
import {
  bytes,
  type Certificates,
  closedPort,
  createCertificates,
  type ImapServerOptions,
  reply,
  type RunningServer,
  silence,
  startImapServer,
  startPop3Server,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../classify/provider.ts';
import { serversAt } from '../classify/provider-servers.ts';
import type { Check } from '../check/check.ts';
import type { ConnectionPolicy } from '../connect/connection-policy.ts';
import type { Connector } from '../connect/connector-types.ts';
import { createConnector } from '../connect/create-connector.ts';
import { policy } from '../test-support/run.ts';
import type { MxRecord, RecordResolver, SrvRecord } from './records.ts';
import { type SuggestOptions, suggestSettings } from './suggest-settings.ts';
import type { Suggestion } from './suggestion.ts';

let certificates: Certificates;
const servers: RunningServer[] = [];

beforeAll(async () => {
  certificates = await createCertificates({ names: ['DNS:*.example.test', 'DNS:*.provider.test'] });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const ada = EmailAddress.orThrow('ada@example.test');

const start = async (
  protocol: 'imap' | 'pop3' | 'smtp',
  tls: 'tls' | 'starttls',
  options: Omit<ImapServerOptions, 'tls'> = {},
): Promise<RunningServer> => {
  const startServer = { imap: startImapServer, pop3: startPop3Server, smtp: startSmtpServer }[protocol];
  const server = await startServer({ tls, certificate: certificates.leafs.good, ...options });
  servers.push(server);
  return server;
};

/** A network of our own: each name and port leads to a server of the sandbox, every other to a port that is closed. */
const network = async (
  routes: Readonly<Record<string, RunningServer>>,
  changed: Partial<ConnectionPolicy> = {},
): Promise<Connector & { readonly tried: readonly string[] }> => {
  const tried: string[] = [];
  const closed = await closedPort('127.0.0.1');
  const inner = createConnector({
    policy: { ...policy, trustedCertificates: [certificates.ca], ...changed },
    resolver: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  const open = (check: Check): ReturnType<Connector['open']> => {
    const { host, port } = check.target;
    tried.push(`${host}:${port}`);
    return inner.open({ ...check, target: { ...check.target, port: routes[`${host}:${port}`]?.port ?? closed } });
  };
  return { ...inner, open, tried };
};

const recordsOf = (
  srv: Readonly<Record<string, readonly Partial<SrvRecord>[]>> = {},
  mx: readonly MxRecord[] = [],
): RecordResolver => ({
  srv: async (name) => (srv[name] ?? []).map((record) => ({ name: '', port: 0, priority: 0, weight: 0, ...record })),
  mx: async () => mx,
});

const nothing: Omit<SuggestOptions, 'connector'> = {
  records: recordsOf(),
  fetch: async () => null,
  providers: [],
};

const endpoints = (suggestions: readonly Suggestion[]): readonly string[] =>
  suggestions.map(({ protocol, host, port, tls, source }) => `${source}: ${protocol} ${host}:${port} ${tls}`);

const autoconfig = (...names: readonly (readonly [type: string, host: string, port: number, socket: string])[]) => {
  const all = names.map(([type, host, port, socket]) => {
    const element = type === 'smtp' ? 'outgoingServer' : 'incomingServer';
    return `<${element} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType><username>%EMAILADDRESS%</username></${element}>`;
  });
  return `<clientConfig><emailProvider>${all.join('')}</emailProvider></clientConfig>`;
};

describe('where suggestions come from', () => {
  it('the autoconfig file of the domain, asked for at its two places', async () => {
    const asked: string[] = [];
    const connector = await network({ 'in.example.test:993': await start('imap', 'tls') });
    const suggestions = await suggestSettings(ada, {
      ...nothing,
      connector,
      fetch: async ({ href }) => {
        asked.push(href);
        return href.includes('well-known') ? autoconfig(['imap', 'in.example.test', 993, 'SSL']) : null;
      },
    });
    expect(asked).toEqual([
      'https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=ada%40example.test',
      'https://example.test/.well-known/autoconfig/mail/config-v1.1.xml',
    ]);
    expect(suggestions).toMatchObject([
      { source: 'autoconfig', host: 'in.example.test', userName: 'ada@example.test', isOutsideDomain: false },
    ]);
    expect(suggestions[0]?.mechanisms).toContain('PLAIN');
  });

  const provider: Provider = {
    name: 'Provider',
    domains: ['example.test'],
    hosts: ['provider.test'],
    links: [],
    servers: serversAt({ imap: 'imap.provider.test', smtp: 'smtp.provider.test' }),
    exchangers: ['mx.provider.test'],
    rules: [],
  };
  const ofProvider = async () => ({
    'imap.provider.test:993': await start('imap', 'tls'),
    'smtp.provider.test:465': await start('smtp', 'tls'),
    'smtp.provider.test:587': await start('smtp', 'starttls'),
  });

  it('the provider of the domain', async () => {
    const connector = await network(await ofProvider());
    const suggestions = await suggestSettings(ada, { ...nothing, connector, providers: [provider] });
    expect(endpoints(suggestions)).toEqual([
      'provider: imap imap.provider.test:993 tls',
      'provider: smtp smtp.provider.test:465 tls',
      'provider: smtp smtp.provider.test:587 starttls',
    ]);
    expect(suggestions.every((each) => each.provider === 'Provider' && !each.isOutsideDomain)).toBe(true);
  });

  it('the provider that takes the mail of the domain', async () => {
    const connector = await network(await ofProvider());
    const suggestions = await suggestSettings(ada, {
      ...nothing,
      connector,
      providers: [{ ...provider, domains: [] }],
      records: recordsOf({}, [{ exchange: 'a1.mx.provider.test', priority: 10 }]),
    });
    expect(endpoints(suggestions)).toContain('mx: imap imap.provider.test:993 tls');
    expect(suggestions.every((each) => each.provider === 'Provider' && !each.isOutsideDomain)).toBe(true);
  });

  it('SRV records, with their ports; a server elsewhere is marked', async () => {
    const connector = await network({
      'in.example.test:1993': await start('imap', 'tls'),
      'pop.provider.test:1110': await start('pop3', 'starttls'),
      'out.example.test:1587': await start('smtp', 'starttls'),
    });
    const suggestions = await suggestSettings(ada, {
      ...nothing,
      connector,
      records: recordsOf({
        '_imaps._tcp.example.test': [{ name: 'in.example.test.', port: 1993 }],
        '_pop3._tcp.example.test': [{ name: 'POP.provider.test', port: 1110 }],
        '_submission._tcp.example.test': [{ name: 'out.example.test', port: 1587 }],
      }),
    });
    expect(endpoints(suggestions)).toEqual([
      'srv: imap in.example.test:1993 tls',
      'srv: pop3 pop.provider.test:1110 starttls',
      'srv: smtp out.example.test:1587 starttls',
    ]);
    expect(suggestions.map(({ isOutsideDomain }) => isOutsideDomain)).toEqual([false, true, false]);
  });

  it('usual names and the host that takes the mail, where nothing else is known', async () => {
    const connector = await network({
      'imap.example.test:143': await start('imap', 'starttls'),
      'pop.example.test:995': await start('pop3', 'tls'),
      'mx1.provider.test:587': await start('smtp', 'starttls'),
    });
    const suggestions = await suggestSettings(ada, {
      ...nothing,
      connector,
      records: recordsOf({}, [{ exchange: 'mx1.provider.test', priority: 5 }]),
    });
    expect(endpoints(suggestions)).toEqual([
      'name: pop3 pop.example.test:995 tls',
      'name: imap imap.example.test:143 starttls',
      'mx: smtp mx1.provider.test:587 starttls',
    ]);
  });

  it('no usual name is tried for what is known already, or what the domain says it has not', async () => {
    const connector = await network({ 'in.example.test:993': await start('imap', 'tls') });
    await suggestSettings(ada, {
      ...nothing,
      connector,
      records: recordsOf({
        '_imaps._tcp.example.test': [{ name: 'in.example.test', port: 993 }],
        '_submission._tcp.example.test': [{ name: '.', port: 0 }],
      }),
    });
    expect(connector.tried).toEqual(['in.example.test:993']);
  });

  it('the same server named twice is one suggestion, of the source that is trusted more', async () => {
    const server = await start('imap', 'tls');
    const connector = await network({ 'in.example.test:993': server });
    const suggestions = await suggestSettings(ada, {
      ...nothing,
      connector,
      fetch: async () => autoconfig(['imap', 'in.example.test', 993, 'SSL'], ['imap', 'IN.example.test', 993, 'SSL']),
      records: recordsOf({ '_imaps._tcp.example.test': [{ name: 'in.example.test', port: 993 }] }),
    });
    expect(endpoints(suggestions)).toEqual(['autoconfig: imap in.example.test:993 tls']);
    expect(server.accepted).toBe(1);
  });

  it('when no source says anything, nothing is suggested', async () => {
    const rejecting: RecordResolver = {
      srv: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
      mx: () => Promise.reject(Object.assign(new Error('broken'), { code: 'ESERVFAIL' })),
    };
    const connector = await network({});
    const options = { connector, providers: [], records: rejecting, fetch: () => Promise.reject(new Error('no')) };
    expect(await suggestSettings(ada, options)).toEqual([]);
  });
});

describe('what is suggested was reached', () => {
  const tryImap = async (server: RunningServer, socket: 'SSL' | 'STARTTLS' = 'SSL') => {
    const connector = await network({ 'in.example.test:993': server });
    const fetch = async () => autoconfig(['imap', 'in.example.test', 993, socket]);
    return suggestSettings(ada, { ...nothing, connector, fetch });
  };

  it('TLS before STARTTLS, IMAP before POP3, incoming before outgoing', async () => {
    const named = [
      ['smtp', 'starttls', 587],
      ['pop3', 'starttls', 110],
      ['smtp', 'tls', 465],
      ['imap', 'starttls', 143],
      ['pop3', 'tls', 995],
      ['imap', 'tls', 993],
    ] as const;
    const running = await Promise.all(
      named.map(async ([protocol, tls, port]) => [`in.example.test:${port}`, await start(protocol, tls)] as const),
    );
    const connector = await network(Object.fromEntries(running));
    const file = autoconfig(
      ...named.map(
        ([protocol, tls, port]) => [protocol, 'in.example.test', port, tls === 'tls' ? 'SSL' : 'STARTTLS'] as const,
      ),
    );
    const suggestions = await suggestSettings(ada, { ...nothing, connector, fetch: async () => file });
    expect(suggestions.map(({ protocol, tls }) => `${protocol} ${tls}`)).toEqual([
      'imap tls',
      'pop3 tls',
      'imap starttls',
      'pop3 starttls',
      'smtp tls',
      'smtp starttls',
    ]);
  });

  it.each(['imap', 'pop3', 'smtp'] as const)(
    '%s: no credentials are sent, and one connection is enough',
    async (protocol) => {
      const server = await start(protocol, 'starttls');
      const connector = await network({ 'in.example.test:2000': server });
      const fetch = async () => autoconfig([protocol, 'in.example.test', 2000, 'STARTTLS']);
      expect(await suggestSettings(ada, { ...nothing, connector, fetch })).toHaveLength(1);
      expect(server.accepted).toBe(1);
      const commands = server.transcript.entries.flatMap(({ from, line }) => (from === 'client' ? [line] : []));
      expect(commands.length).toBeGreaterThan(2);
      expect(commands.join('\n')).not.toMatch(/ada|AUTH|LOGIN|USER|PASS|APOP|MAIL/i);
    },
  );

  it.each(['expired', 'notYetValid', 'wrongHost', 'selfSigned', 'otherAuthority', 'missingIntermediate'] as const)(
    'a server with a certificate that is %s is not',
    async (name) => {
      expect(await tryImap(await start('imap', 'tls', { certificate: certificates.leafs[name] }))).toEqual([]);
      const upgrading = await start('imap', 'starttls', { certificate: certificates.leafs[name] });
      expect(await tryImap(upgrading, 'STARTTLS')).toEqual([]);
    },
  );

  it('one whose certificate ends soon is, with a warning', async () => {
    const server = await start('imap', 'tls', { certificate: certificates.leafs.expiringSoon });
    expect(await tryImap(server)).toMatchObject([{ warnings: ['CertificateExpiringSoon'] }]);
  });

  it.each([
    ['another protocol', () => start('pop3', 'tls')],
    ['STARTTLS where TLS was said', () => start('imap', 'starttls')],
    [
      'a server that hangs up',
      () => start('imap', 'tls', { rules: [{ at: 'greeting', reaction: reply([], { then: 'close' }) }] }),
    ],
    [
      'one that turns everybody away',
      () => start('imap', 'tls', { rules: [{ at: 'greeting', reaction: reply('* BYE no', { then: 'close' }) }] }),
    ],
    [
      'one that refuses to say what it can',
      () => start('imap', 'tls', { rules: [{ at: 'CAPABILITY', reaction: reply('{tag} BAD no') }] }),
    ],
    [
      'one that never stops saying what it can',
      () =>
        start('imap', 'tls', {
          rules: [{ at: 'CAPABILITY', reaction: reply(Array.from({ length: 5_000 }, () => '* CAPABILITY X')) }],
        }),
    ],
    [
      'one line without end',
      () => start('imap', 'tls', { rules: [{ at: 'greeting', reaction: bytes('* OK '.padEnd(200_000, 'x')) }] }),
    ],
  ] as const)('%s is not', async (_, server) => {
    expect(await tryImap(await server())).toEqual([]);
  });

  it.each([
    ['does not offer STARTTLS', { without: ['STARTTLS'] }],
    ['refuses STARTTLS', { rules: [{ at: 'STARTTLS', reaction: reply('{tag} NO not now') }] }],
    [
      'lets bytes be injected before TLS',
      {
        rules: [
          { at: 'STARTTLS', reaction: reply(['{tag} OK go', '* CAPABILITY IMAP4rev1 AUTH=PLAIN'], { effect: true }) },
        ],
      },
    ],
  ] as const)('a server that %s is not', async (_, options) => {
    expect(await tryImap(await start('imap', 'starttls', options), 'STARTTLS')).toEqual([]);
  });

  it('a server that sends mail for nobody in particular is not', async () => {
    const connector = await network({ 'smtp.example.test:465': await start('smtp', 'tls', { without: ['AUTH'] }) });
    expect(await suggestSettings(ada, { ...nothing, connector })).toEqual([]);
  });

  it('what was announced before TLS does not count', async () => {
    const rules = [
      { at: 'CAPABILITY', reaction: reply(['* CAPABILITY IMAP4rev1 STARTTLS AUTH=FORGED', '{tag} OK done']), times: 1 },
    ] as const;
    const [suggestion] = await tryImap(await start('imap', 'starttls', { rules, mechanisms: ['PLAIN'] }), 'STARTTLS');
    expect(suggestion?.mechanisms).toEqual(['PLAIN']);
  });

  const unanswering = async () => start('pop3', 'tls', { rules: [{ at: 'greeting', reaction: silence() }] });

  it('a server that says nothing is left at the deadline', async () => {
    const connector = await network({ 'in.example.test:995': await unanswering() });
    const fetch = async () => autoconfig(['pop3', 'in.example.test', 995, 'SSL']);
    expect(await suggestSettings(ada, { ...nothing, connector, fetch, deadlineMs: 300 })).toEqual([]);
  });

  it('whoever asked may end the search, and gets what was found by then', async () => {
    const [imap, pop3] = [await start('imap', 'tls'), await unanswering()];
    const connector = await network({ 'in.example.test:993': imap, 'in.example.test:995': pop3 });
    const fetch = async () =>
      autoconfig(['pop3', 'in.example.test', 995, 'SSL'], ['imap', 'in.example.test', 993, 'SSL']);
    const asking = new AbortController();
    const suggestions = suggestSettings(ada, { ...nothing, connector, fetch, signal: asking.signal });
    await pop3.transcript.seen(({ line }) => line === 'connected');
    await imap.transcript.seen(({ line }) => line === 'closed');
    asking.abort();
    expect(endpoints(await suggestions)).toEqual(['autoconfig: imap in.example.test:993 tls']);
  });
});

describe('a hostile domain', () => {
  const hostile = async (changed: Partial<ConnectionPolicy>, options: Partial<SuggestOptions>) => {
    const server = await start('imap', 'tls');
    let looked: string[] = [];
    const connector = createConnector({
      policy: { ...policy, trustedCertificates: [certificates.ca], ...changed },
      resolver: async (host) => {
        looked = [...looked, host];
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    const named: RecordResolver = recordsOf({
      '_imaps._tcp.example.test': [{ name: 'in.example.test', port: server.port }],
    });
    const suggestions = await suggestSettings(ada, { ...nothing, connector, records: named, ...options });
    return { suggestions, server, looked };
  };

  it('reaches a server where the policy permits its address and port', async () => {
    const { suggestions } = await hostile({}, {});
    expect(suggestions).toHaveLength(1);
  });

  it('does not make this machine connect to an address inside', async () => {
    const { suggestions, server } = await hostile({ allowedAddresses: [] }, {});
    expect(suggestions).toEqual([]);
    expect(server.accepted).toBe(0);
  });

  it('does not make it connect to a port that the policy forbids, nor look the name up for one', async () => {
    const { suggestions, server, looked } = await hostile({ ports: [443] }, {});
    expect(suggestions).toEqual([]);
    expect(server.accepted).toBe(0);
    expect(looked).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '2130706433',
    '::1',
    '[::1]',
    '0x7f.1',
    'localhost',
    '',
    '.',
    'in example.test',
    'x'.repeat(300),
  ])('an SRV target "%s" is no server', async (name) => {
    const server = await start('imap', 'tls');
    const connector = await network({ [`${name}:993`]: server });
    const records = recordsOf({ '_imaps._tcp.example.test': [{ name, port: 993 }] });
    await suggestSettings(ada, { ...nothing, connector, records });
    expect(connector.tried.every((one) => one.includes('.example.test:'))).toBe(true);
    expect(server.accepted).toBe(0);
  });

  it.each([0, -1, 65_536, 1.5, NaN])('port %s of an SRV record is none', async (port) => {
    const connector = await network({});
    const records = recordsOf({ '_imaps._tcp.example.test': [{ name: 'in.example.test', port }] });
    await suggestSettings(ada, { ...nothing, connector, records });
    expect(connector.tried.some((one) => one.startsWith('in.'))).toBe(false);
  });

  it('does not make it connect to many', async () => {
    const connector = await network({});
    const many = Array.from({ length: 1_000 }, (_, index) => index);
    const records: RecordResolver = {
      srv: async (name) =>
        many.map((index) => ({ name: `s${index}.${name.slice(1)}.test`, port: 993, priority: 0, weight: 0 })),
      mx: async () => many.map((index) => ({ exchange: `mx${index}.example.test`, priority: index })),
    };
    const fetch = async () =>
      autoconfig(...many.map((index) => ['imap', `h${index}.example.test`, 993, 'SSL'] as const));
    await suggestSettings(ada, { ...nothing, connector, records, fetch });
    expect(connector.tried.length).toBeLessThanOrEqual(48);
    expect(new Set(connector.tried).size).toBe(connector.tried.length);
  });

  it('gives the same answer for an open and a closed port', async () => {
    const server = await start('pop3', 'tls');
    const ask = async (port: number) => {
      const connector = await network({ 'in.example.test:993': server });
      return suggestSettings(ada, {
        ...nothing,
        connector,
        records: recordsOf({ '_imaps._tcp.example.test': [{ name: 'in.example.test', port }] }),
      });
    };
    expect(await ask(993)).toEqual(await ask(994));
    expect(server.accepted).toBe(1);
  });

  it.each(['ada@127.0.0.1', 'ada@localhost', 'ada@2130706433'])('%s has no domain to ask', async (text) => {
    const asked: string[] = [];
    const connector = await network({});
    const records: RecordResolver = {
      srv: async (name) => (asked.push(name), []),
      mx: async (name) => (asked.push(name), []),
    };
    expect(await suggestSettings(EmailAddress.orThrow(text), { ...nothing, connector, records })).toEqual([]);
    expect([...asked, ...connector.tried]).toEqual([]);
  });
});
