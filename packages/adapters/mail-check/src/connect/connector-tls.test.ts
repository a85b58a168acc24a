import { type Certificates, createCertificates, type RunningServer, startPop3Server } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CheckBody } from '../check/run-check.ts';
import { opening, policy, run } from '../test-support/run.ts';
import type { OpenedConnection } from './connector-types.ts';
import { createConnector } from './create-connector.ts';

let certificates: Certificates;
let server: RunningServer | undefined;
let plain: Server | undefined;

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  plain?.close();
  plain = undefined;
});

describe('TLS', () => {
  const start = async (certificate: keyof Certificates['leafs'] = 'good'): Promise<number> => {
    server = await startPop3Server({ tls: 'tls', certificate: certificates.leafs[certificate] });
    return server.port;
  };
  const trusting = () => createConnector({ policy: { ...policy, trustedCertificates: [certificates.ca] } });

  it('shows the certificate that was verified', async () => {
    const port = await start();
    let opened: OpenedConnection | undefined;
    const report = await run(
      opening(trusting(), (connection) => (opened = connection)),
      { target: { port, tls: 'tls' } },
    );
    expect(report).toMatchObject({ verdict: 'passed' });
    expect(opened).toMatchObject({ secured: true, tlsVersion: 'TLSv1.3' });
    expect(opened?.certificate?.names).toContain('127.0.0.1');
    expect(report.steps.find(({ step }) => step === 'tls')?.detail).toContain('TLSv1.3, certificate of');
  });

  it('opens one connection for a good check', async () => {
    const port = await start();
    await run(opening(trusting()), { target: { port, tls: 'tls' } });
    expect(server?.accepted).toBe(1);
  });

  it('trusts no certificate that only the deployment of somebody else trusts', async () => {
    const port = await start();
    const report = await run(opening(createConnector({ policy })), { target: { port, tls: 'tls' } });
    expect(report.failure).toMatchObject({ kind: 'CertificateUntrusted', scope: 'profile' });
  });

  it('describes a certificate that was refused', async () => {
    const port = await start('expired');
    const report = await run(opening(trusting()), { target: { port, tls: 'tls' } });
    const [validTo = ''] = /\d{4}-\d\d-\d\d/.exec(report.failure?.advice.sentence ?? '') ?? [];
    expect(report.failure?.kind).toBe('CertificateExpired');
    expect(new Date(validTo).getTime()).toBeLessThan(Date.now());
  });

  it('warns of one that ends soon', async () => {
    const port = await start('good');
    const inAYear = createConnector({
      policy: { ...policy, trustedCertificates: [certificates.ca] },
      now: () => new Date(soon),
    });
    let validTo = new Date(0);
    await run(
      opening(trusting(), ({ certificate }) => (validTo = certificate?.validTo ?? validTo)),
      { target: { port, tls: 'tls' } },
    );
    const soon = validTo.getTime() - 3.5 * 86_400_000;
    const report = await run(opening(inAYear), { target: { port, tls: 'tls' } });
    expect(report).toMatchObject({ verdict: 'warning', warnings: [{ kind: 'CertificateExpiringSoon' }] });
    expect(report.warnings[0]?.advice.sentence).toContain('in 3 days');
  });

  it('resumes a session within a bulk run only, and only after a full handshake in it', async () => {
    // One context for all connections: only such a server can resume anything.
    const { chain, key } = certificates.leafs.good;
    plain = createTlsServer({ cert: chain, key }, (socket) => {
      socket.on('error', () => undefined);
      socket.write('+OK ready\r\n');
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const connector = trusting();
    const isResumed = async (bulkRun?: string): Promise<boolean> => {
      let resumed = false;
      const body: CheckBody = async (check) => {
        const opened = await connector.open(check);
        if (E.isLeft(opened)) return opened;
        const { socket } = opened.right;
        resumed = socket instanceof TLSSocket && socket.isSessionReused();
        // The ticket comes with the first bytes of the server.
        await once(socket, 'data');
        return E.right(undefined);
      };
      const report = await run(body, {
        target: { port, tls: 'tls' },
        options: bulkRun === undefined ? {} : { bulkRun },
      });
      expect(report.failure).toBeNull();
      return resumed;
    };
    expect(await isResumed()).toBe(false);
    expect(await isResumed()).toBe(false);
    expect(await isResumed('run-1')).toBe(false);
    expect(await isResumed('run-1')).toBe(true);
    expect(await isResumed('run-2')).toBe(false);
    expect(await isResumed()).toBe(false);
  });
});
