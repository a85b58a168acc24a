import { type Certificates, createCertificates } from '@mailroom/mail-sandbox';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../connect/create-connector.ts';
import type { Resolver } from '../connect/resolver.ts';
import { type HttpsServer, startHttpsServer } from '../test-support/https-server.ts';
import { policy } from '../test-support/run.ts';
import { createFetchDocument } from './fetch-document.ts';

let certificates: Certificates;
let server: HttpsServer | undefined;

beforeAll(async () => {
  certificates = await createCertificates({ names: ['DNS:*.example.test', 'DNS:*.other.test'] });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** `inside.` names lie on an address that the policy refuses; every other on loopback, which it allows. */
const resolver: Resolver = async (host) => [
  { address: host.startsWith('inside.') ? '127.0.0.2' : '127.0.0.1', family: 4 },
];

const fetching = async (
  listener: RequestListener,
  options: {
    readonly url?: string;
    readonly deadlineMs?: number;
    readonly certificate?: keyof Certificates['leafs'];
  } = {},
): Promise<string | null> => {
  server = await startHttpsServer(certificates.leafs[options.certificate ?? 'good'], listener);
  const connector = createConnector({
    policy: { ...policy, allowedAddresses: ['127.0.0.1/32'], trustedCertificates: [certificates.ca] },
    resolver,
  });
  const { deadlineMs } = options;
  const fetch = createFetchDocument(connector, {
    port: server.port,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  return fetch(
    new URL(options.url ?? 'https://autoconfig.example.test/mail/config-v1.1.xml?a=b'),
    AbortSignal.timeout(20_000),
  );
};

const redirecting =
  (location: string, status = 302): RequestListener =>
  (request, response) => {
    if (request.url === '/there') response.end('found');
    else response.writeHead(status, { location }).end('moved');
  };

describe('a document by https', () => {
  it('comes as it is, from the host and path asked for', async () => {
    expect(await fetching((_, response) => void response.end('Grüße'))).toBe('Grüße');
    expect(server?.requests).toEqual(['autoconfig.example.test/mail/config-v1.1.xml?a=b']);
  });

  it.each([404, 500, 204, 206, 401])('status %i is no document', async (status) => {
    expect(await fetching((_, response) => void response.writeHead(status).end('x'))).toBeNull();
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) to a permitted host is followed', async (status) => {
    expect(await fetching(redirecting('https://www.other.test/there', status))).toBe('found');
    expect(server?.requests).toEqual([expect.stringContaining('autoconfig.example.test/'), 'www.other.test/there']);
  });

  it('a relative redirect stays with the host', async () => {
    expect(await fetching(redirecting('/there'))).toBe('found');
  });

  it.each([
    ['to an address that the policy refuses', 'https://inside.example.test/there'],
    ['to a literal address', 'https://127.0.0.1/there'],
    ['to a literal address in disguise', 'https://2130706433/there'],
    ['to a local name', 'https://localhost/there'],
    ['to a host without encryption', 'http://www.other.test/there'],
    ['to another port', 'https://www.other.test:8443/there'],
    ['with credentials', 'https://ada:secret@www.other.test/there'],
    ['to a file', 'file:///etc/passwd'],
    ['to nowhere', 'https://'],
    ['to itself, for ever', '/again'],
  ])('a redirect %s gives nothing', async (_, location) => {
    expect(await fetching(redirecting(location))).toBeNull();
    expect(server?.requests.some((request) => request.endsWith('/there'))).toBe(false);
    expect(server?.requests.length).toBeLessThanOrEqual(4);
  });

  it('up to 100 kB are read, and no more', async () => {
    expect(await fetching((_, response) => void response.end('x'.repeat(102_400)))).toHaveLength(102_400);
    await server?.close();
    expect(await fetching((_, response) => void response.end('x'.repeat(102_401)))).toBeNull();
  });

  it('an endless document ends', async () => {
    const endless: RequestListener = (_, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      response.on('error', () => undefined);
      more();
    };
    expect(await fetching(endless)).toBeNull();
  });

  it('a document that is cut off is none', async () => {
    const cut: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    };
    expect(await fetching(cut)).toBeNull();
  });

  it('a compressed one is not unpacked', async () => {
    const packed = gzipSync('x'.repeat(50_000_000));
    expect(
      await fetching((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)),
    ).toBeNull();
  });

  it('a server that never answers is left at the deadline', async () => {
    expect(await fetching(() => undefined, { deadlineMs: 300 })).toBeNull();
    expect(server?.requests).toHaveLength(1);
  });

  it.each(['expired', 'wrongHost', 'selfSigned', 'otherAuthority'] as const)(
    'nothing is asked of a server whose certificate is %s',
    async (certificate) => {
      expect(await fetching((_, response) => void response.end('x'), { certificate })).toBeNull();
      expect(server?.requests).toEqual([]);
    },
  );

  it.each(['http://autoconfig.example.test/', 'https://inside.example.test/', 'https://127.0.0.1/', 'https://[::1]/'])(
    'nothing is asked of %s',
    async (url) => {
      expect(await fetching((_, response) => void response.end('x'), { url })).toBeNull();
      expect(server?.requests).toEqual([]);
    },
  );
});
