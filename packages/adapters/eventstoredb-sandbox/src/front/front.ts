import type { Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { givePortBack, keepPort } from './ports.ts';

/** Every HTTP/2 connection starts so; HTTP/1.1 never does. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0', 'latin1');

/** Certificate and key, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

interface Pair {
  readonly client: Socket;
  readonly grpc: Socket;
}

/**
 * The port clients see. It tells HTTP/2 from HTTP/1.1 by the first bytes and passes the former on to the gRPC port; as
 * every byte goes through it, it can also cut connections and stop time.
 */
export class Front {
  readonly #server: Server;
  readonly #grpcPort: number;
  readonly #http: HttpServer;
  readonly #connections = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  readonly #pairs = new Map<number, Pair>();
  /** Came while frozen: accepted by the system, not looked at. */
  readonly #held = new Set<Socket>();
  #frozen = false;

  private constructor(grpcPort: number, http: HttpServer, tls: TlsFiles | undefined) {
    this.#grpcPort = grpcPort;
    this.#http = http;
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#server =
      tls === undefined
        ? createServer({ noDelay: true }, accept)
        : createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, accept);
    // With TLS these are the connections below, also those whose handshake never ends.
    this.#server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
  }

  /** Listens on 127.0.0.1; port 0 takes a free one, and keeps it (ports.ts). Rejects when the port is taken. */
  static async listen(port: number, grpcPort: number, http: HttpServer, tls: TlsFiles | undefined): Promise<Front> {
    const front = new Front(grpcPort, http, tls);
    if (port !== 0) {
      await front.#listen(port);
      return front;
    }
    const usedByOthers: number[] = [];
    try {
      for (;;) {
        const free = keepPort();
        try {
          await front.#listen(free);
          return front;
        } catch (error) {
          usedByOthers.push(free);
          if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        }
      }
    } finally {
      for (const used of usedByOthers) givePortBack(used);
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that clients hold now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Cuts the connection behind a peer address of the gRPC side. */
  cut(peer: string): void {
    this.#pairs.get(Number(peer.slice(peer.lastIndexOf(':') + 1)))?.client.destroy();
  }

  /** Nothing comes in and nothing goes out, as when the process is stopped; connections stay. */
  freeze(): void {
    this.#frozen = true;
    for (const { client, grpc } of this.#pairs.values()) {
      client.unpipe(grpc).pause();
      grpc.unpipe(client).pause();
    }
  }

  /** Goes on where it was frozen. */
  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs.values()) join(pair);
    for (const socket of this.#held) this.#sniff(socket);
    this.#held.clear();
  }

  /** Cuts all connections and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    for (const connection of this.#connections) connection.destroy();
    for (const { grpc } of this.#pairs.values()) grpc.destroy();
    await closed;
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#held.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    if (this.#frozen) this.#held.add(socket);
    else this.#sniff(socket);
  }

  #sniff(socket: Socket): void {
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.unshift(chunk);
      const head = chunk.subarray(0, HTTP2_PREFACE.length);
      if (head.equals(HTTP2_PREFACE.subarray(0, head.length))) this.#passOn(socket);
      else {
        this.#http.emit('connection', socket);
        socket.resume();
      }
    });
  }

  #passOn(client: Socket): void {
    const grpc = connect({ port: this.#grpcPort, host: '127.0.0.1', noDelay: true });
    grpc.on('error', () => client.destroy());
    grpc.on('close', () => client.destroy());
    client.on('close', () => grpc.destroy());
    grpc.once('connect', () => {
      const { localPort } = grpc;
      if (localPort === undefined || client.destroyed) return void grpc.destroy();
      const pair = { client, grpc };
      this.#pairs.set(localPort, pair);
      grpc.once('close', () => this.#pairs.delete(localPort));
      if (!this.#frozen) join(pair);
    });
  }
}

function join({ client, grpc }: Pair): void {
  client.pipe(grpc);
  grpc.pipe(client);
}
