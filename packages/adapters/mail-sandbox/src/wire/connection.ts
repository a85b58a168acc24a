import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ServerCertificate } from '../certificates/certificates.ts';
import { pieces, type Split } from './split.ts';
import type { TranscriptWriter } from './transcript.ts';

/** Longest line a sandbox server reads; a longer one ends the connection. */
const lineLimit = 1024 * 1024;

/**
 * The server's end of one connection: lines in, bytes out, the upgrade to TLS in process. Nothing here rejects or
 * throws because of the peer: a read on a dead connection gives `undefined`, a write on it is dropped.
 */
export interface Connection {
  /** Counted from 1. */
  readonly id: number;
  readonly secure: boolean;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** The next line without its line end as UTF-8; `show` says how it stands in the transcript. */
  readLine(show?: (line: string) => string): Promise<string | undefined>;
  /** The next `count` bytes. */
  readBytes(count: number): Promise<Buffer | undefined>;
  /** A line as bytes, without its line end; not in the transcript. */
  readRawLine(): Promise<Buffer | undefined>;
  /** Waits for the first bytes of the peer and leaves them unread. */
  readable(): Promise<boolean>;
  /** Lines without CR LF; sent as one write unless the server splits and they need not stay `whole`. */
  writeLines(lines: readonly string[], whole?: boolean): Promise<void>;
  writeBytes(content: Uint8Array): Promise<void>;
  /** Forgets what the peer has sent and nobody has read: to be called before the go-ahead of an upgrade. */
  discardUnread(): void;
  /** Does the handshake, with what has come since `discardUnread`; false when it failed. */
  upgrade(certificate: ServerCertificate): Promise<boolean>;
  /** FIN, and drops what the peer still sends. */
  end(): void;
  /** RST. */
  reset(): void;
  destroy(): void;
}

/** What a connection is made from. */
export interface ConnectionOptions {
  readonly id: number;
  readonly socket: Socket;
  readonly split: Split | undefined;
  readonly transcript: TranscriptWriter;
}

/** Takes over a socket that was just accepted. */
export const createConnection = ({ id, socket, split, transcript }: ConnectionOptions): Connection => {
  let stream: Socket | TLSSocket = socket;
  let buffer: Buffer = Buffer.alloc(0);
  let over = false;
  let sent = 0;
  let wake: () => void = () => undefined;

  const note = (from: 'client' | 'server' | 'event', line: string): void =>
    transcript.add({ connection: id, from, line });
  const onData = (chunk: Buffer): void => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    wake();
  };
  const onOver = (): void => {
    over = true;
    wake();
  };
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      onOver();
      note('event', 'closed');
      resolve();
    });
  });
  socket.on('error', onOver);
  socket.on('end', onOver);
  socket.on('data', onData);
  socket.setNoDelay(true);
  note('event', 'connected');

  const more = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const take = (count: number): Buffer => {
    const taken = buffer.subarray(0, count);
    buffer = buffer.subarray(count);
    return taken;
  };
  const readRawLine = async (): Promise<Buffer | undefined> => {
    let searched = 0;
    for (;;) {
      const end = buffer.indexOf(0x0a, searched);
      if (end >= 0) {
        const line = take(end + 1);
        return line.subarray(0, line.at(-2) === 0x0d ? -2 : -1);
      }
      searched = buffer.length;
      if (searched > lineLimit) socket.destroy();
      if (over || socket.destroyed) return undefined;
      await more();
    }
  };
  const send = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      if (stream.destroyed || !stream.writable) resolve();
      // Two turns of the event loop lie between two pieces: a peer in this process connects in one and reads in the
      // next, so that it sees each piece by itself.
      else stream.write(piece, () => setImmediate(() => setImmediate(resolve)));
    });
  const writeBytes = async (content: Uint8Array, whole: boolean): Promise<void> => {
    const parts = whole ? [content] : pieces(content, split, sent);
    sent += content.length;
    for (const part of parts) await Promise.race([send(part), closed]);
  };

  return {
    id,
    closed,
    get secure() {
      return stream !== socket;
    },
    readRawLine,
    readLine: async (show = (line) => line) => {
      const line = (await readRawLine())?.toString('utf8');
      if (line !== undefined) note('client', show(line));
      return line;
    },
    readBytes: async (count) => {
      while (buffer.length < count) {
        if (over) return undefined;
        await more();
      }
      return take(count);
    },
    readable: async () => {
      while (buffer.length === 0) {
        if (over) return false;
        await more();
      }
      return true;
    },
    writeBytes: async (content) => {
      note('server', `<${content.length} bytes>`);
      await writeBytes(content, false);
    },
    writeLines: async (lines, whole = false) => {
      for (const line of lines) note('server', line);
      await writeBytes(Buffer.from(lines.map((line) => `${line}\r\n`).join('')), whole);
    },
    discardUnread: () => {
      if (buffer.length > 0) note('event', `discarded ${buffer.length} bytes received in clear`);
      buffer = Buffer.alloc(0);
    },
    upgrade: (certificate) => {
      socket.off('data', onData);
      socket.pause();
      // The start of the handshake may be here already.
      if (buffer.length > 0) socket.unshift(buffer);
      buffer = Buffer.alloc(0);
      const secured = new TLSSocket(socket, { isServer: true, key: certificate.key, cert: certificate.chain });
      stream = secured;
      return new Promise((resolve) => {
        secured.once('secure', () => {
          note('event', `tls ${secured.getProtocol() ?? ''}`);
          resolve(true);
        });
        secured.on('error', () => {
          onOver();
          note('event', 'tls failed');
          resolve(false);
        });
        secured.on('end', onOver);
        secured.on('data', onData);
        void closed.then(() => {
          resolve(false);
        });
      });
    },
    end: () => {
      if (stream.destroyed || !stream.writable) return;
      note('event', 'end');
      stream.end();
    },
    reset: () => {
      note('event', 'reset');
      // A connection that the peer has ended cannot be reset any more: Node would then never close it.
      if (over) socket.destroy();
      else socket.resetAndDestroy();
    },
    destroy: () => {
      stream.destroy();
      socket.destroy();
    },
  };
};
