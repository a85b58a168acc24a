import * as E from 'fp-ts/lib/Either.js';
import { connect, type Socket } from 'node:net';
import type { PinnedAddress } from './connector-types.ts';

/** The head start of one address before the next is tried beside it (RFC 8305 recommends 250 ms). */
const headStartMs = 250;

/** Begins a connection to an address; the socket tells by `connect` or `error` what came of it. */
export type Connect = (to: { readonly host: string; readonly port: number }) => Socket;

/** Straight to it, without waiting for small packets to become large ones. */
const directly: Connect = ({ host, port }) => connect({ host, port, noDelay: true });

export interface Dialled {
  readonly socket: Socket;
  readonly address: PinnedAddress;
}

/** IPv6 and IPv4 in turn, IPv6 first (RFC 8305): the order of the resolver is kept within a family. */
export const interleaved = (addresses: readonly PinnedAddress[]): readonly PinnedAddress[] => {
  const v6 = addresses.filter(({ family }) => family === 6);
  const v4 = addresses.filter(({ family }) => family === 4);
  return Array.from({ length: Math.max(v6.length, v4.length) }, (_, index) => [v6[index], v4[index]])
    .flat()
    .filter((address) => address !== undefined);
};

/**
 * Connects to the first of these addresses that answers. Only they are connected to, no name is looked up. Left: what
 * each attempt ended with, in order. Aborting the signal destroys every attempt and gives a Left at once.
 */
export const dial = (
  addresses: readonly PinnedAddress[],
  port: number,
  signal: AbortSignal,
  begin: Connect = directly,
): Promise<E.Either<readonly Error[], Dialled>> =>
  new Promise((resolve) => {
    const waiting = [...interleaved(addresses)];
    const attempts = new Set<Socket>();
    const errors: Error[] = [];
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (result: E.Either<readonly Error[], Dialled>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const socket of attempts) socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle(E.left(errors));

    const next = (): void => {
      clearTimeout(timer);
      const address = waiting.shift();
      if (address === undefined) {
        if (attempts.size === 0) settle(E.left(errors));
        return;
      }
      const socket = begin({ host: address.address, port });
      attempts.add(socket);
      const onError = (error: Error): void => {
        attempts.delete(socket);
        socket.destroy();
        errors.push(error);
        if (!settled) next();
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        attempts.delete(socket);
        socket.off('error', onError);
        // From here on errors belong to whoever reads; without a listener one would end the process.
        socket.on('error', () => undefined);
        if (settled) socket.destroy();
        else settle(E.right({ socket, address }));
      });
      if (waiting.length > 0) timer = setTimeout(next, headStartMs);
    };

    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else next();
  });
