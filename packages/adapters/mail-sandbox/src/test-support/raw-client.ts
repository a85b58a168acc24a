import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** A client that does nothing by itself; for tests of what a server really sends. */
export interface RawClient {
  /** Everything received so far, in the pieces in which it came. */
  readonly chunks: readonly Buffer[];
  readonly text: string;
  /** The code of the error that ended the connection, if one did. */
  readonly error: string | undefined;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  send(...lines: string[]): void;
  /** The next line; undefined at the end. */
  line(): Promise<string | undefined>;
  /** Lines up to and with the first that fits. */
  until(fits: (line: string) => boolean): Promise<readonly string[]>;
  /** What has come and not been read as lines yet. */
  readonly unread: string;
  /** FIN: the server still may answer what it has got, and then ends. */
  finish(): void;
  /** TLS over the open connection, verified against `ca`. Rejects as Node does. */
  secure(ca: string, servername?: string): Promise<void>;
  close(): Promise<void>;
}

export const rawClient = async (
  port: number,
  options: { readonly ca?: string; readonly tls?: boolean; readonly crl?: string; readonly host?: string } = {},
): Promise<RawClient> => {
  const host = options.host ?? '127.0.0.1';
  let stream: Socket | TLSSocket = connect({ host, port });
  const chunks: Buffer[] = [];
  let unread = '';
  let over = false;
  let error: string | undefined;
  let wake: () => void = () => undefined;
  const listen = (socket: Socket): Promise<void> => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      unread += chunk.toString('latin1');
      wake();
    });
    socket.on('error', (failure: NodeJS.ErrnoException) => {
      error ??= failure.code ?? failure.message;
    });
    return new Promise((resolve) => {
      socket.once('close', () => {
        over = true;
        wake();
        resolve();
      });
    });
  };
  const plain = stream;
  const closed = listen(plain);
  await new Promise<void>((resolve, reject) => {
    plain.once('connect', resolve);
    plain.once('error', reject);
  });

  const client: RawClient = {
    chunks,
    closed,
    get text() {
      return Buffer.concat(chunks).toString('latin1');
    },
    get unread() {
      return unread;
    },
    finish: () => {
      stream.end();
    },
    get error() {
      return error;
    },
    send: (...lines) => {
      stream.write(lines.map((line) => `${line}\r\n`).join(''));
    },
    line: async () => {
      for (;;) {
        const end = unread.indexOf('\n');
        if (end >= 0) {
          const line = unread.slice(0, end).replace(/\r$/, '');
          unread = unread.slice(end + 1);
          return line;
        }
        if (over) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    until: async (fits) => {
      const lines: string[] = [];
      for (;;) {
        const line = await client.line();
        if (line === undefined) return lines;
        lines.push(line);
        if (fits(line)) return lines;
      }
    },
    secure: async (ca, servername) => {
      plain.removeAllListeners('data');
      // What an attacker put behind the go-ahead must not be taken for an answer of the server.
      unread = '';
      const { crl } = options;
      const secured = connectTls({
        socket: plain,
        host,
        ca,
        ...(crl === undefined ? {} : { crl }),
        ...(servername === undefined ? {} : { servername }),
      });
      stream = secured;
      await new Promise<void>((resolve, reject) => {
        secured.once('secureConnect', resolve);
        secured.once('error', reject);
      });
      void listen(secured);
    },
    close: async () => {
      stream.destroy();
      plain.destroy();
      await closed;
    },
  };
  if (options.tls === true) {
    try {
      await client.secure(options.ca ?? '');
    } catch (failure) {
      await client.close();
      throw failure;
    }
  }
  return client;
};

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const unbase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export const cramResponse = (userName: string, password: string, challenge: string): string =>
  base64(`${userName} ${createHmac('md5', password).update(unbase64(challenge)).digest('hex')}`);

export const apopDigest = (greeting: string, password: string): string =>
  createHash('md5')
    .update(`${/<[^>]+>/.exec(greeting)?.[0] ?? ''}${password}`)
    .digest('hex');

/** The client's side of SCRAM-SHA-256, written from RFC 5802 and not from the server. */
export const scramClient = (userName: string, password: string) => {
  const nonce = 'fyko+d2lbbFgONRv9qkxdawL';
  const bare = `n=${userName},r=${nonce}`;
  let serverKeySignature = '';
  return {
    first: base64(`n,,${bare}`),
    final: (challenge: string): string => {
      const serverFirst = unbase64(challenge);
      const [, serverNonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
      if (!serverNonce.startsWith(nonce)) throw new Error('the server changed the nonce');
      const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
      const key = createHmac('sha256', salted).update('Client Key').digest();
      const withoutProof = `c=biws,r=${serverNonce}`;
      const authMessage = `${bare},${serverFirst},${withoutProof}`;
      const signature = createHmac('sha256', createHash('sha256').update(key).digest()).update(authMessage).digest();
      const proof = Buffer.alloc(key.length);
      for (let at = 0; at < key.length; at += 1) proof[at] = (key[at] ?? 0) ^ (signature[at] ?? 0);
      const serverKey = createHmac('sha256', salted).update('Server Key').digest();
      serverKeySignature = createHmac('sha256', serverKey).update(authMessage).digest('base64');
      return base64(`${withoutProof},p=${proof.toString('base64')}`);
    },
    verified: (challenge: string): boolean => unbase64(challenge) === `v=${serverKeySignature}`,
  };
};
