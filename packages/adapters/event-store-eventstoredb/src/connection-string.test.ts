import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loopbackCertificate, start } from '@mailroom/eventstoredb-sandbox';
import { describe, expect, it } from 'vitest';

import { connectionTarget, InvalidConnectionString } from './connection-string.ts';
import { eventStoreDb } from './event-store-db.ts';
import { anEvent, aStream, left, right, storeOn } from './test-support.ts';

describe('connection strings', () => {
  it.each([
    'nonsense',
    'http://hunter2:hunter2@example.org',
    'esdb://',
    'esdb://admin:hunter2@example.org:port?tls=false',
    'esdb://admin:hunter%2@example.org',
    'esdb://admin:hunter2@example.org?tls=maybe',
    'esdb://admin:hunter2@example.org?noSuchKey=hunter2',
    'esdb://admin:hunter2@example.org?keepAliveTimeout=hunter2',
    'esdb://admin:hunter2@example.org?tlsCAFile=/hunter2/there/is/none.pem',
    'esdb://example.org',
  ])('%s is refused without being quoted', (connectionString) => {
    expect(() => eventStoreDb({ connectionString })).toThrow(InvalidConnectionString);
    expect(() => eventStoreDb({ connectionString })).not.toThrow(/hunter|example|nonsense/);
  });

  it('give every client a connection of its own and keep what they say', () => {
    const { stringFor } = connectionTarget(
      'esdb://a,b:2114/?TLS=false&keep-alive-timeout=5000&nodePreference=leader',
      'ownCall',
    );
    expect(stringFor(3)).toBe('esdb://a,b:2114?TLS=false&nodePreference=leader&keepAliveTimeout=5003');
    const off = connectionTarget('esdb+discover://a?tls=false&keepAliveTimeout=-1', 'ownCall');
    expect(off.stringFor(1)).not.toBe(off.stringFor(2));
  });

  it('need a user on a secure connection, as appends go by calls of their own', () => {
    expect(connectionTarget('esdb://admin:p%40ss@a', 'ownCall').credentials).toEqual({
      username: 'admin',
      password: 'p@ss',
    });
    expect(connectionTarget('esdb://a?tls=false', 'ownCall').credentials).toBeDefined();
    expect(connectionTarget('esdb://a', 'sharedStream').credentials).toBeUndefined();
  });

  it('carry TLS and credentials to the server, and a wrong password nowhere else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
    const tls = await loopbackCertificate();
    const authority = join(folder, 'ca.pem');
    writeFileSync(authority, tls.cert);
    const sandbox = await start({ tls, users: { admin: 'p@ss:word' } });
    const at = (user: string, ca: string) => `esdb://${user}@localhost:${sandbox.port}?tls=true${ca}`;
    const ca = `&tlsCAFile=${authority}`;

    const store = storeOn({ connectionString: at('admin:p%40ss%3Aword', ca) });
    const stream = aStream();
    right(await store.append(stream, 'noStream', [anEvent()])());
    expect(right(await store.readStream(stream)())).toHaveLength(1);
    const denied = storeOn({ connectionString: at('admin:hunter2', ca) });
    const refusal = left(await denied.append(stream, 0, [anEvent()])());
    expect(refusal).toMatchObject({ _tag: 'StoreRefused', reason: 'accessDenied' });
    const untrusted = storeOn({ connectionString: at('admin:hunter2', '') });
    const failure = left(await untrusted.append(stream, 0, [anEvent()])());
    expect(failure).toMatchObject({ _tag: 'StoreUnavailable' });
    expect(JSON.stringify([refusal, failure])).not.toContain('hunter2');
    expect(sandbox.callsStarted('batchAppend')).toBe(0);

    await Promise.all([store, denied, untrusted].map((each) => each.close()));
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });
});
