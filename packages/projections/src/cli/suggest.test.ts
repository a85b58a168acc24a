import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificates, type RunningServer, startImapServer, startSmtpServer } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadInput } from './io.ts';
import { run } from './program.ts';
import { type Network, suggest, type SuggestFlags } from './suggest.ts';

let folder: string;
let ca: string;
let imap: RunningServer;
let smtp: RunningServer;
let network: Network;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-suggest-'));
  ca = join(folder, 'ca.pem');
  const certificates = await createCertificates({ names: ['DNS:*.example.test', 'DNS:*.elsewhere.test'] });
  writeFileSync(ca, certificates.ca);
  imap = await startImapServer({ tls: 'tls', certificate: certificates.leafs.good });
  smtp = await startSmtpServer({ tls: 'starttls', certificate: certificates.leafs.good });
  network = {
    resolver: async () => [{ address: '127.0.0.1', family: 4 }],
    records: {
      srv: async (name) => {
        const common = { priority: 0, weight: 0 };
        if (name === '_imaps._tcp.example.test') return [{ name: 'in.example.test', port: imap.port, ...common }];
        if (name === '_submission._tcp.example.test') return [{ name: 'a.elsewhere.test', port: smtp.port, ...common }];
        return [];
      },
      mx: async () => [],
    },
    fetch: async () => null,
  };
});
afterAll(async () => {
  await Promise.all([imap.close(), smtp.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const ioOf = () => {
  const said = { out: '', error: '' };
  const io = {
    out: (text: string) => (said.out += text),
    error: (text: string) => (said.error += text),
    env: {},
    isTerminal: false,
    signal: new AbortController().signal,
  };
  return { io, said };
};

const asking = async (flags: Partial<SuggestFlags>) => {
  const { io, said } = ioOf();
  const code = await suggest('ada@example.test', { ca: [ca], allow: ['127.0.0.0/8'], ...flags }, io, network);
  return { code, ...said };
};

describe('mailroom suggest', () => {
  test('--json: the servers that were reached, best first', async () => {
    const { code, out } = await asking({ json: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      suggestions: [
        {
          protocol: 'imap',
          host: 'in.example.test',
          port: imap.port,
          tls: 'tls',
          isOutsideDomain: false,
          warnings: [],
        },
        { protocol: 'smtp', host: 'a.elsewhere.test', port: smtp.port, tls: 'starttls', isOutsideDomain: true },
      ],
    });
  });

  test('in words, with a remark on a server outside of the domain', async () => {
    const { code, out } = await asking({});
    expect(code).toBe(0);
    expect(out).toContain(`in.example.test:${imap.port}`);
    expect(out.split('\n').filter((line) => line.includes('outside of the domain'))).toHaveLength(1);
  });

  test('what the policy does not permit is not found: exit code 1', async () => {
    for (const flags of [{ allow: [] }, { ca: [] }, { ports: '443' }]) {
      const { code, out } = await asking({ ...flags, json: true });
      expect({ code, out: JSON.parse(out) as unknown }).toEqual({ code: 1, out: { suggestions: [] } });
    }
    expect((await asking({ ports: `${imap.port},1` })).code).toBe(0);
  });

  test.each([
    [{ ports: 'some' }, '--ports'],
    [{ ports: '0' }, '--ports'],
    [{ timeout: '0' }, '--timeout'],
    [{ ca: ['no such file'] }, '--ca'],
    [{ allow: ['everything'] }, '--allow'],
  ])('bad input %j is named', async (flags, option) => {
    const failed = await asking(flags).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BadInput);
    expect((failed as BadInput).findings.join()).toContain(option);
  });

  test('as a command: a wrong address is bad input and is not repeated', async () => {
    const { io, said } = ioOf();
    expect(await run(['suggest', 'not an address', '--json'], io)).toBe(2);
    expect(said.error).toContain('ADDRESS');
    expect(said.error + said.out).not.toContain('not an address');
  });
});
