import * as E from 'fp-ts/lib/Either.js';
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls';

/** OpenSSL's comparison of names, as strict as Node's: alternative names only, a wildcard stands for one whole label. */
const isFor = (certificate: X509Certificate, host: string): boolean =>
  isIP(host) === 0
    ? certificate.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
    : certificate.checkIP(host) !== undefined;

/**
 * To compare names Node makes objects of the whole chain, which costs as much as all the rest of a check. So the names
 * are compared by OpenSSL first, and by Node when that says no: its answer, and its error, are the ones that count.
 */
const connectOver = (socket: Socket, options: ConnectionOptions): TLSSocket => {
  let certificate: X509Certificate | undefined;
  const secured: TLSSocket = connect({
    ...options,
    socket,
    checkServerIdentity: (host) => {
      certificate = readCertificate();
      if (certificate === undefined) return new Error('the server shows no certificate');
      return isFor(certificate, host) ? undefined : checkServerIdentity(host, certificate.toLegacyObject());
    },
  });
  // Node takes the certificate out of the chain when it is asked for (seen with 20): it is read once and kept.
  const readCertificate = secured.getPeerX509Certificate.bind(secured);
  secured.getPeerX509Certificate = () => (certificate ??= readCertificate());
  // Asked for by Node for the function above, which does not look at it.
  secured.getPeerCertificate = (): DetailedPeerCertificate =>
    (certificate?.toLegacyObject() ?? {}) as DetailedPeerCertificate;
  return secured;
};

/** TLS over an open socket. Left: what went wrong; the socket is destroyed then, and when the signal is aborted. */
export const handshake = (
  socket: Socket,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<E.Either<unknown, TLSSocket>> =>
  new Promise((resolve) => {
    const secured = connectOver(socket, options);
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
