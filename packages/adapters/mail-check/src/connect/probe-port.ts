import type { Protocol } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket } from 'node:tls';
import { type SpokenProtocol, sniffBanner } from '../classify/banner.ts';
import { errorCodes } from '../classify/node-error.ts';
import { certificateFacts } from './certificate.ts';
import type { CertificateFacts, PinnedAddress } from './connector-types.ts';
import { dial } from './dial.ts';
import { handshake } from './handshake.ts';

/** A look at a port after a failure: a second connection over which nothing confidential goes. */
export interface PortProbe {
  readonly address: PinnedAddress;
  readonly port: number;
  readonly signal: AbortSignal;
}

const opened = async ({ address, port, signal }: PortProbe): Promise<Socket | null> => {
  const dialled = await dial([address], port, signal);
  return E.isLeft(dialled) ? null : dialled.right.socket;
};

/** The first bytes that come, up to a line end; null when none come before the signal. */
const firstBytes = (socket: Socket, signal: AbortSignal): Promise<Buffer | null> =>
  new Promise((resolve) => {
    const settle = (bytes: Buffer | null): void => {
      signal.removeEventListener('abort', none);
      socket.off('data', settle);
      socket.off('close', none);
      resolve(bytes);
    };
    const none = (): void => settle(null);
    socket.once('data', settle);
    socket.once('close', none);
    signal.addEventListener('abort', none, { once: true });
    if (signal.aborted) none();
  });

/** What the port says by itself to a plain connection; null when it says nothing or nothing that is known. */
export const probeBanner = async (probe: PortProbe): Promise<SpokenProtocol | null> => {
  const socket = await opened(probe);
  if (socket === null) return null;
  try {
    const first = await firstBytes(socket, probe.signal);
    return first === null ? null : sniffBanner(first);
  } finally {
    socket.destroy();
  }
};

/** Not verified: only whether and with which certificate TLS is spoken is looked at, and nothing is sent. */
const lookOnly = (options: ConnectionOptions): ConnectionOptions => ({ ...options, rejectUnauthorized: false });

/** Whether the port answers a TLS handshake, be it with a refusal. */
export const probeTls = async (probe: PortProbe, options: ConnectionOptions): Promise<boolean> => {
  const socket = await opened(probe);
  if (socket === null) return false;
  const secured = await handshake(socket, lookOnly(options), probe.signal);
  if (E.isRight(secured)) secured.right.destroy();
  return E.isRight(secured) || errorCodes(secured.left).some((code) => /^ERR_SSL_.*ALERT/.test(code));
};

/** What is sent to get from the greeting to the start of TLS, and what the last answer starts with. */
const preambles: Readonly<Record<Protocol, readonly (readonly [send: string | null, until: RegExp])[]>> = {
  pop3: [
    [null, /^\+OK.*\r?\n/m],
    ['STLS\r\n', /^\+OK.*\r?\n/m],
  ],
  imap: [
    [null, /^\* (OK|PREAUTH).*\r?\n/m],
    ['a1 STARTTLS\r\n', /^a1 OK.*\r?\n/m],
  ],
  smtp: [
    [null, /^220 .*\r?\n/m],
    ['EHLO [127.0.0.1]\r\n', /^250 .*\r?\n/m],
    ['STARTTLS\r\n', /^220 .*\r?\n/m],
  ],
};

/** Most that a server may say before TLS starts. */
const maxPreamble = 16_384;

const speakPreamble = async (socket: Socket, protocol: Protocol, signal: AbortSignal): Promise<boolean> => {
  for (const [send, until] of preambles[protocol]) {
    if (send !== null) socket.write(send);
    let heard = '';
    while (!until.test(heard)) {
      const bytes = await firstBytes(socket, signal);
      if (bytes === null || heard.length > maxPreamble) return false;
      heard += bytes.toString('latin1');
    }
  }
  return true;
};

/** The certificate that the port shows, valid or not, at once or after STARTTLS; null when there is none to see. */
export const fetchCertificate = async (
  probe: PortProbe,
  options: ConnectionOptions,
  startTls: Protocol | null,
): Promise<CertificateFacts | null> => {
  const socket = await opened(probe);
  if (socket === null) return null;
  if (startTls !== null && !(await speakPreamble(socket, startTls, probe.signal))) {
    socket.destroy();
    return null;
  }
  const secured = await handshake(socket, lookOnly(options), probe.signal);
  if (E.isLeft(secured)) return null;
  const tlsSocket: TLSSocket = secured.right;
  const facts = certificateFacts(tlsSocket.getPeerX509Certificate());
  tlsSocket.destroy();
  return facts;
};
