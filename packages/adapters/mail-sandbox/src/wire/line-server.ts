import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ServerCertificate } from '../certificates/certificates.ts';
import { createConnection, type Connection } from './connection.ts';
import { createConversation, type Conversation } from './conversation.ts';
import { createCounters, type Counters } from './counters.ts';
import type { Rule } from './script.ts';
import type { Split } from './split.ts';
import { createTranscript, type Transcript } from './transcript.ts';

/** How a server encrypts: from the first byte, after STARTTLS or STLS, or never. */
export type TlsMode = 'tls' | 'starttls' | 'none';

/** What every sandbox server can be told. */
export interface WireOptions {
  /** Where to listen; default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free port. */
  readonly port?: number;
  /** Default `none`. */
  readonly tls?: TlsMode;
  /** Needed unless `tls` is `none`. */
  readonly certificate?: ServerCertificate;
  /** The script of every connection. */
  readonly rules?: readonly Rule[];
  /** The script of the connection with this number (from 1), instead of `rules`. */
  readonly script?: (connection: number) => readonly Rule[];
  readonly split?: Split;
  /** Share them among servers whose failures heal together. */
  readonly counters?: Counters;
}

/** A listening server. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly transcript: Transcript;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Breaks every connection and resolves when all are gone and the port is free. May be called again. */
  close(): Promise<void>;
}

/** One protocol's side of a connection; what it throws ends that connection and nothing else. */
export type Session = (connection: Connection, conversation: Conversation) => Promise<void>;

/** Starts listening. Rejects with Node's error when it cannot (EADDRINUSE). Throws when a certificate is missing. */
export const startLineServer = async (options: WireOptions, session: Session): Promise<RunningServer> => {
  const { tls = 'none', certificate, split, script } = options;
  if (tls !== 'none' && certificate === undefined) throw new TypeError('certificate: needed for tls and starttls');
  const counters = options.counters ?? createCounters();
  const transcript = createTranscript();
  const running = new Map<Connection, Promise<void>>();
  let accepted = 0;

  const serve = async (connection: Connection): Promise<void> => {
    const rules = script?.(connection.id) ?? options.rules ?? [];
    const conversation = createConversation(connection, counters, { key: 'server', rules });
    if ((await conversation.step('connect')) === 'over') return;
    if (tls === 'tls' && certificate !== undefined) {
      if ((await conversation.step('tls')) !== 'usual' || !(await connection.upgrade(certificate))) return;
    }
    await session(connection, conversation);
  };

  const onSocket = (socket: Socket): void => {
    accepted += 1;
    const connection = createConnection({ id: accepted, socket, split, transcript });
    const done = serve(connection)
      .catch((error: unknown) => {
        transcript.add({ connection: connection.id, from: 'event', line: `session failed: ${String(error)}` });
        connection.destroy();
      })
      .then(async () => {
        // The peer may still have to read the last answer: FIN first, and its own FIN ends the connection.
        connection.end();
        await connection.closed;
        running.delete(connection);
      });
    running.set(connection, done);
  };

  const server = createServer(onSocket);
  await listening(server, options.port ?? 0, options.host ?? '127.0.0.1');
  // A listening socket that fails later must not end the process.
  server.on('error', () => undefined);
  const { address, port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    for (const connection of running.keys()) connection.destroy();
    await Promise.all(running.values());
    await closed;
    // Handles are gone from the event loop one turn after their close events.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    host: address,
    port,
    tls,
    transcript,
    get accepted() {
      return accepted;
    },
    get open() {
      return running.size;
    },
    close: () => (closing ??= close()),
  };
};

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
