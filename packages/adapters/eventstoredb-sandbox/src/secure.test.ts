import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loopbackCertificate } from './front/certificate.ts';
import type { Sandbox } from './sandbox.ts';
import { start } from './start.ts';
import { connect, events, failureOf, readAll } from './test-support.ts';

describe('a secure server', () => {
  let folder: string;
  let sandbox: Sandbox;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const tls = await loopbackCertificate();
    writeFileSync(join(folder, 'ca.pem'), tls.cert);
    sandbox = await start({ tls, users: { admin: 'changeit' } });
  });
  afterEach(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });
  const connectAs = (user: string, ca = true) =>
    connect(
      `esdb://${user}@127.0.0.1:${sandbox.port}?tls=true${ca ? `&tlsCAFile=${encodeURIComponent(join(folder, 'ca.pem'))}` : ''}`,
    );

  it('speaks TLS, and takes the calls of a user it knows', async () => {
    const client = connectAs('admin:changeit');
    await client.appendToStream('secure-1', events('A'));
    expect(await readAll(client, 'secure-1')).toEqual(['A@0']);
    await client.dispose();
    const other = connectAs('admin:wrong');
    expect(await failureOf(readAll(other, 'secure-1'))).toMatchObject({ type: 'access-denied', code: 7 });
    await other.dispose();
  });

  it('is not believed without its authority', async () => {
    const client = connectAs('admin:changeit', false);
    expect(await failureOf(readAll(client, 'secure-1'))).toMatchObject({ type: 'unavailable' });
    await client.dispose();
  });
});
