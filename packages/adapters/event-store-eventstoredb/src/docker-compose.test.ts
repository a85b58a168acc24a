import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { connectionTarget } from './connection-string.ts';

interface Service {
  readonly image: string;
  readonly profiles: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly restart?: string;
  readonly volumes?: readonly string[];
  readonly networks?: { readonly cluster: { readonly ipv4_address: string } };
}

const file = new URL('../../../../examples/projections-process/docker-compose.yml', import.meta.url);
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  readonly 'x-addresses': { readonly node: string; readonly cluster: string; readonly postgres: string };
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { services, 'x-addresses': addresses } = compose;
const of = (profile: string): readonly Service[] =>
  Object.values(services).filter(({ profiles, ports }) => profiles.includes(profile) && ports !== undefined);
/** `host:port` outside for the port that a service publishes. */
const published = ({ ports }: Service, inside: string): string => {
  const [, outside = ''] = new RegExp(`^(127\\.0\\.0\\.1:\\d+):${inside}$`).exec(ports?.[0] ?? '') ?? [];
  return outside;
};
const hostsOf = (address: string): readonly string[] =>
  (/^esdb:\/\/(?:[^@]+@)?([^?]+)/.exec(address)?.[1] ?? '').split(',');

describe('the docker-compose file of the examples', () => {
  it('has addresses that this adapter takes, for what it starts', () => {
    for (const address of [addresses.node, addresses.cluster.replace(/&tlsCAFile=[^&]*/, '')]) {
      expect(() => connectionTarget(address, 'ownCall')).not.toThrow();
    }
    expect(hostsOf(addresses.node)).toEqual(of('node').map((service) => published(service, '2113')));
    expect(hostsOf(addresses.cluster)).toEqual(of('cluster').map((service) => published(service, '2113')));
    expect(of('cluster')).toHaveLength(3);
    expect(new URL(addresses.postgres).host).toBe(published(services['postgres'] as Service, '5432'));
  });

  it('runs servers that say `caughtUp`, and starts them again when they end', () => {
    for (const { image, restart } of [...of('node'), ...of('cluster')]) {
      const [, major = 0, minor = 0] = (/:(\d+)\.(\d+)\./.exec(image) ?? []).map(Number);
      expect(major * 100 + minor).toBeGreaterThanOrEqual(2310);
      expect(restart).toBe('unless-stopped');
    }
  });

  it('tells clients of a cluster where its nodes are reached from outside, and nodes of each other', () => {
    const members = of('cluster');
    const inside = members.map(({ networks }) => `${networks?.cluster.ipv4_address ?? ''}:2113`);
    for (const [index, member] of members.entries()) {
      const { environment = {} } = member;
      const told = `${environment['EVENTSTORE_ADVERTISE_HOST_TO_CLIENT_AS']}:${environment['EVENTSTORE_ADVERTISE_NODE_PORT_TO_CLIENT_AS']}`;
      expect(told).toBe(published(member, '2113'));
      expect(`${environment['EVENTSTORE_NODE_IP']}:${environment['EVENTSTORE_NODE_PORT']}`).toBe(inside[index]);
      expect(environment['EVENTSTORE_GOSSIP_SEED']?.split(',')).toEqual(inside.filter((_, other) => other !== index));
      expect(environment['EVENTSTORE_CERTIFICATE_FILE']).toBe(`/certs/node${index + 1}/node.crt`);
      expect(environment['EVENTSTORE_INSECURE']).toBeUndefined();
    }
    expect(connectionTarget(addresses.cluster.replace(/&tlsCAFile=[^&]*/, ''), 'ownCall').credentials).toBeDefined();
  });

  it('keeps every history on a volume of its own, and listens on this machine only', () => {
    const kept = [...of('node'), ...of('cluster'), ...of('postgres')].map(({ volumes = [] }) => volumes.at(-1) ?? '');
    const names = kept.map((volume) => volume.split(':')[0] ?? '');
    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});
