import * as E from 'fp-ts/lib/Either.js';
import type { Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** TLS over an open socket. Left: what went wrong; the socket is destroyed then, and when the signal is aborted. */
export const handshake = (
  socket: Socket,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<E.Either<unknown, TLSSocket>> =>
  new Promise((resolve) => {
    const secured = connect({ ...options, socket });
    let settled = false;
    const settle = (result: E.Either<unknown, TLSSocket>): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      secured.off('error', onError);
      secured.off('close', onClose);
      // Errors after the handshake belong to whoever reads; without a listener one would end the process.
      secured.on('error', () => undefined);
      // Whoever waits goes on outside of the TLS engine's own callbacks, where it may destroy what it likes.
      setImmediate(() => {
        if (E.isLeft(result)) {
          secured.destroy();
          socket.destroy();
        }
        resolve(result);
      });
    };
    const onError = (error: Error): void => settle(E.left(error));
    const onClose = (): void => settle(E.left(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    const onAbort = (): void => settle(E.left(Object.assign(new Error('aborted'), { code: 'ETIMEDOUT' })));
    secured.once('error', onError);
    secured.once('close', onClose);
    secured.once('secureConnect', () => settle(E.right(secured)));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
