import { randomUUID } from 'node:crypto';

import type { Member } from './calls/context.ts';
import { EventLog, writeSystemEvent } from './log/event-log.ts';
import { startNode, type Sandbox, type SandboxOptions } from './sandbox.ts';

/** Settings of a cluster; those of its nodes may not name a port or a file. */
export interface ClusterOptions extends Omit<SandboxOptions, 'port' | 'dataFile'> {
  /** How many nodes. Default 3. */
  readonly size?: number;
}

/** Several nodes with one log: replication is imitated as immediate, so nothing acknowledged is ever lost. */
export interface SandboxCluster {
  readonly nodes: readonly Sandbox[];
  /** Names all nodes: a client asks them who leads. */
  readonly connectionString: string;
  /** Index of the leader; undefined while there is none. */
  readonly leader: () => number | undefined;
  /** Makes a living node the leader. */
  readonly elect: (index: number) => void;
  /** Leaves the cluster without a leader, as between two elections: writes are refused as not ready. */
  readonly loseLeader: () => void;
  /** Kills a node as by `kill -9`. When it was the leader, there is none until the next `elect`. */
  readonly kill: (index: number) => Promise<void>;
  /** Brings a killed node back as a follower. */
  readonly restart: (index: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a cluster whose first node leads. */
export async function startCluster(options: ClusterOptions = {}): Promise<SandboxCluster> {
  const { size = 3, ...nodeOptions } = options;
  const log = new EventLog(nodeOptions.now === undefined ? {} : { now: nodeOptions.now });
  writeSystemEvent(log);
  const ids = Array.from({ length: size }, () => randomUUID());
  const alive = new Set(ids.keys());
  const nodes: Sandbox[] = [];
  let leader: number | undefined = 0;
  const members = (): readonly Member[] =>
    ids.map((id, index) => ({
      id,
      host: '127.0.0.1',
      port: nodes[index]?.port ?? 0,
      state: index === leader ? 'leader' : leader === undefined ? 'unknown' : 'follower',
      alive: alive.has(index),
    }));
  for (const self of ids) nodes.push(await startNode(nodeOptions, { log, self, members }));
  const nodeAt = (index: number): Sandbox => {
    const node = nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index} in a cluster of ${size}`);
    return node;
  };
  const tls = nodeOptions.tls === undefined ? 'false' : 'true';

  return {
    nodes,
    connectionString: `esdb://${nodes.map((node) => `${node.host}:${node.port}`).join(',')}?tls=${tls}`,
    leader: () => leader,
    elect: (index) => {
      nodeAt(index);
      if (!alive.has(index)) throw new RangeError(`node ${index} is not alive`);
      leader = index;
    },
    loseLeader: () => {
      leader = undefined;
    },
    kill: async (index) => {
      const node = nodeAt(index);
      alive.delete(index);
      if (leader === index) leader = undefined;
      await node.kill();
    },
    restart: async (index) => {
      await nodeAt(index).restart();
      alive.add(index);
    },
    close: async () => {
      for (const node of nodes) await node.close();
    },
  };
}
