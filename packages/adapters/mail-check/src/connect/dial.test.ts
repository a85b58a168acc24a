import * as E from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PinnedAddress } from './connector-types.ts';
import { dial, interleaved } from './dial.ts';
import { createResolver, namesInHostsFile } from './resolver.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

const listen = async (host: string): Promise<number> => {
  server = createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const v4 = (address: string): PinnedAddress => ({ address, family: 4 });
const v6 = (address: string): PinnedAddress => ({ address, family: 6 });
const never = new AbortController().signal;

describe('connecting to one of several addresses', () => {
  it('tries IPv6 first and then takes turns', () => {
    const order = interleaved([v4('1'), v4('2'), v6('a'), v4('3'), v6('b')]).map(({ address }) => address);
    expect(order).toEqual(['a', '1', 'b', '2', '3']);
  });

  it('goes on to the next when one is refused, and says which one answered', async () => {
    const port = await listen('127.0.0.1');
    const dialled = await dial([v6('::1'), v4('127.0.0.8'), v4('127.0.0.1')], port, never);
    expect(E.isRight(dialled) && dialled.right.address.address).toBe('127.0.0.1');
    if (E.isRight(dialled)) dialled.right.socket.destroy();
  });

  it('tells what every attempt ended with', async () => {
    const port = await listen('127.0.0.1');
    const dialled = await dial([v4('127.0.0.7'), v4('127.0.0.8')], port, never);
    expect(dialled).toMatchObject({ left: [{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }] });
  });

  it('stops when it is told to, and does not begin when it was told before', async () => {
    const port = await listen('127.0.0.1');
    expect(await dial([v4('127.0.0.1')], port, AbortSignal.abort())).toEqual(E.left([]));
  });
});

describe('looking a name up', () => {
  it('finds the names of a hosts file', () => {
    const text = '127.0.0.1\tlocalhost  Mail.Example.test # a comment with words\n\n#10.0.0.1 hidden\r\n::1 six\r\n';
    expect(namesInHostsFile(text)).toEqual(new Set(['localhost', 'mail.example.test', 'six']));
  });

  it('knows the local names of the machine', async () => {
    const found = await createResolver()('localhost', never);
    expect(found.map(({ address }) => address).some((address) => address === '127.0.0.1' || address === '::1')).toBe(
      true,
    );
  });
});
