import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startCluster, type SandboxCluster } from './cluster.ts';
import { connect, events, failureOf, readAll, unary } from './test-support.ts';

describe('a cluster', () => {
  let cluster: SandboxCluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });
  afterEach(() => cluster.close());

  it('is found through any node, takes writes through followers, and names its leader when asked for it', async () => {
    const client = connect(cluster.connectionString);
    await client.appendToStream('one-1', events('A'), unary);
    expect(cluster.nodes[0]?.callsStarted('append')).toBe(1);
    const follower = connect(cluster.nodes[1]?.connectionString ?? '');
    await follower.appendToStream('one-1', events('B'), unary);
    expect(await readAll(client, 'one-1')).toEqual(['A@0', 'B@1']);
    const refusal = await failureOf(follower.appendToStream('one-1', events('C'), { ...unary, requiresLeader: true }));
    expect(refusal).toMatchObject({ type: 'not-leader', code: 5, message: '5 NOT_FOUND: Leader info available' });
    await follower.appendToStream('one-1', events('C'), { ...unary, requiresLeader: true });
    expect(cluster.nodes[0]?.callsStarted('append')).toBe(2);
    await client.dispose();
    await follower.dispose();
  });

  it('refuses writes between two elections and loses nothing', async () => {
    const client = connect(cluster.connectionString);
    await client.appendToStream('two-1', events('A'), unary);
    await cluster.kill(0);
    expect(cluster.leader()).toBeUndefined();
    await failureOf(client.appendToStream('two-1', events('B'), unary));
    cluster.elect(1);
    let attempts = 0;
    const batch = events('B');
    while (attempts < 20) {
      attempts += 1;
      const done = await client.appendToStream('two-1', batch, { ...unary, expectedRevision: 0n }).then(
        () => true,
        () => false,
      );
      if (done) break;
    }
    expect(await readAll(client, 'two-1')).toEqual(['A@0', 'B@1']);
    await cluster.restart(0);
    const back = connect(cluster.nodes[0]?.connectionString ?? '');
    expect(await readAll(back, 'two-1')).toEqual(['A@0', 'B@1']);
    await client.dispose();
    await back.dispose();
  });

  it('poisons a client whose first call is an append while nobody is there', async () => {
    const ports = cluster.nodes.map(({ port }) => port);
    for (const index of [0, 1, 2]) await cluster.kill(index);
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const client = connect(`esdb://${hosts}?tls=false&maxDiscoverAttempts=2&discoveryInterval=1`);
    expect(await failureOf(client.appendToStream('three-1', events('A')))).toMatchObject({
      message: 'Failed to discover after 2 attempts.',
    });
    for (const index of [0, 1, 2]) await cluster.restart(index);
    cluster.elect(0);
    expect(await failureOf(client.appendToStream('three-1', events('A')))).toMatchObject({
      message: 'Failed to discover after 2 attempts.',
    });
    await expect(client.appendToStream('three-1', events('A'), unary)).resolves.toMatchObject({ success: true });
    await client.dispose();
  });
});
