import { closedPort } from '@mailroom/mail-sandbox';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { opening, policy, run } from '../test-support/run.ts';
import { createConnector } from './create-connector.ts';
import type { Resolver } from './resolver.ts';

let plain: Server | undefined;

afterEach(() => {
  plain?.close();
  plain = undefined;
});

/** A listener that counts who comes, and says nothing. */
const listen = async (host = '127.0.0.1'): Promise<{ readonly port: number; readonly accepted: () => number }> => {
  let accepted = 0;
  plain = createServer((socket) => {
    accepted += 1;
    socket.on('error', () => undefined);
  });
  plain.listen(0, host);
  await once(plain, 'listening');
  return { port: (plain.address() as AddressInfo).port, accepted: () => accepted };
};

const resolving = (...addresses: readonly string[]): Resolver & { readonly asked: () => number } => {
  let asked = 0;
  const resolver: Resolver = async () => {
    asked += 1;
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(resolver, { asked: () => asked });
};

const named = 'mail.example.test';
const strict = { ...policy, allowedAddresses: [] };

describe('which targets are connected to', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.0.0.1',
    '127.1',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '169.254.169.254',
    '10.0.0.1',
    '0.0.0.0',
  ])('refuses %s before any packet, and says the same for open and closed ports', async (host) => {
    const { port, accepted } = await listen();
    const resolver = resolving('127.0.0.1');
    const connector = createConnector({ policy: strict, resolver });
    const open = await run(opening(connector), { target: { host, port } });
    const closed = await run(opening(connector), { target: { host, port: await closedPort('127.0.0.1') } });
    expect(open.failure).toMatchObject({
      kind: 'TargetNotAllowed',
      disposition: 'ours',
      scope: 'profile',
      field: 'host',
    });
    expect({ ...closed.failure, advice: null }).toEqual({ ...open.failure, advice: null });
    expect(closed.steps.map(({ step, status, detail }) => [step, status, detail])).toEqual(
      open.steps.map(({ step, status, detail }) => [step, status, detail]),
    );
    expect(accepted()).toBe(0);
    expect(resolver.asked()).toBe(0);
  });

  it('refuses a name whose addresses are all forbidden', async () => {
    const { port, accepted } = await listen();
    const connector = createConnector({ policy: strict, resolver: resolving('127.0.0.1', '::1', 'fe80::1') });
    const report = await run(opening(connector), { target: { host: named, port } });
    expect(report.failure).toMatchObject({ kind: 'TargetNotAllowed', phase: 'dns' });
    expect(accepted()).toBe(0);
  });

  it('connects to the permitted addresses of a name only, and looks it up once', async () => {
    const { port, accepted } = await listen();
    const resolver = resolving('10.0.0.1', '127.0.0.1');
    const connector = createConnector({ policy: { ...policy, allowedAddresses: ['127.0.0.0/8'] }, resolver });
    let address = '';
    const report = await run(
      opening(connector, (opened) => (address = opened.address.address)),
      { target: { host: named, port } },
    );
    expect(report.failure).toBeNull();
    expect(address).toBe('127.0.0.1');
    expect(accepted()).toBe(1);
    expect(resolver.asked()).toBe(1);
  });

  it('is not taken in by an answer that changes between look-ups', async () => {
    const { port, accepted } = await listen();
    let asked = 0;
    const rebinding: Resolver = async () => [{ address: (asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
    const connector = createConnector({
      policy: { ...policy, allowedAddresses: ['127.0.0.2/32'] },
      resolver: rebinding,
    });
    const report = await run(opening(connector), { target: { host: named, port } });
    // Nobody listens there: what matters is that the second answer was never asked for, nor connected to.
    expect(report.failure?.kind).toBe('ConnectionRefused');
    expect(asked).toBe(1);
    expect(accepted()).toBe(0);
  });

  it('refuses a port that the deployment does not permit', async () => {
    const { port, accepted } = await listen();
    const connector = createConnector({ policy: { ...policy, ports: 'government-2017' } });
    const report = await run(opening(connector), { target: { port } });
    expect(report.failure).toMatchObject({ kind: 'TargetNotAllowed', field: 'port' });
    expect(accepted()).toBe(0);
  });

  it('refuses a connection without encryption unless the deployment allows it, and warns then', async () => {
    const { port, accepted } = await listen();
    const refused = await run(opening(createConnector({ policy: { ...policy, allowUnencrypted: false } })), {
      target: { port },
    });
    expect(refused.failure).toMatchObject({ kind: 'ConnectionNotEncrypted', disposition: 'permanent' });
    expect(accepted()).toBe(0);
    const allowed = await run(opening(createConnector({ policy })), { target: { port } });
    expect(allowed).toMatchObject({ verdict: 'warning', warnings: [{ kind: 'ConnectionNotEncrypted' }] });
  });
});

describe('names and addresses', () => {
  const failing =
    (code: string): Resolver =>
    () =>
      Promise.reject(Object.assign(new Error(code), { code }));

  it.each([
    ['ENOTFOUND', 'DnsNotFound', 'permanent'],
    ['ENODATA', 'DnsNotFound', 'permanent'],
    ['EAI_AGAIN', 'DnsTemporaryFailure', 'transient'],
    ['ESERVFAIL', 'DnsTemporaryFailure', 'transient'],
    ['ETIMEOUT', 'DnsTemporaryFailure', 'transient'],
    ['ECONNREFUSED', 'DnsTemporaryFailure', 'transient'],
    ['something new', 'DnsTemporaryFailure', 'transient'],
    ['EMFILE', 'LocalResources', 'ours'],
  ])('the answer %s is %s', async (code, kind, disposition) => {
    const connector = createConnector({ policy, resolver: failing(code) });
    const { failure } = await run(opening(connector), { target: { host: named } });
    expect(failure).toMatchObject({ kind, disposition });
  });

  it('no address at all is no server', async () => {
    const connector = createConnector({ policy, resolver: resolving() });
    expect((await run(opening(connector), { target: { host: named } })).failure?.kind).toBe('DnsNotFound');
  });

  it('a look-up that never ends has its own limit, and is told to stop', async () => {
    let stopped = false;
    const hanging: Resolver = (_, signal) =>
      new Promise(() => signal.addEventListener('abort', () => (stopped = true)));
    const connector = createConnector({ policy, resolver: hanging, limits: { dnsMs: 20 } });
    expect((await run(opening(connector), { target: { host: named } })).failure?.kind).toBe('DnsTemporaryFailure');
    expect(stopped).toBe(true);
  });

  it('a second address is used when the first does not answer', async () => {
    const { port } = await listen('127.0.0.1');
    const connector = createConnector({ policy, resolver: resolving('127.0.0.9', '127.0.0.1') });
    let address = '';
    await run(
      opening(connector, (opened) => (address = opened.address.address)),
      { target: { host: named, port } },
    );
    expect(address).toBe('127.0.0.1');
  });
});
