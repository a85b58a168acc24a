import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Health, Watched } from './health.ts';

export interface OperationsServerOptions {
  /** `127.0.0.1:9464`, `[::1]:9464`; port 0: any free one. */
  readonly listen: string;
  readonly look: () => Watched;
  readonly health: () => Health;
  readonly metrics: Registry;
}

/** What an operator's tools ask over HTTP. */
export interface OperationsServer {
  /** Where it listens: with the port that was chosen. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** What a probe, or a person with curl, reads: how far everything is, and no data of the history. */
const documentOf = ({ ready, reasons }: Health, { followers }: Watched) => ({
  status: ready ? 'ready' : 'notReady',
  reasons,
  projections: followers.map(({ progress }) => {
    const { name, version, kind, state, isLeading, position, lagEvents, lagBytes, lagMs, etaSeconds } = progress;
    const parked = progress.parked.length;
    return { name, version, kind, state, isLeading, position, lagEvents, lagBytes, lagMs, etaSeconds, parked };
  }),
});

const answer = (response: ServerResponse, status: number, document: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(document)}\n`);
};

const addressOf = (listen: string): { readonly host: string; readonly port: number } => {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) };
};

/**
 * Serves `/health/live` (this process answers), `/health/ready` (it does its work) and `/metrics`. Only GET and HEAD,
 * nothing can be changed through it. Rejects when the address cannot be listened on.
 */
export const operationsServer = async (options: OperationsServerOptions): Promise<OperationsServer> => {
  const { look, health, metrics } = options;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answer(response, 405, { status: 'methodNotAllowed' });
    } else if (path === '/health/live') answer(response, 200, { status: 'live' });
    else if (path === '/health/ready') {
      const found = health();
      answer(response, found.ready ? 200 : 503, documentOf(found, look()));
    } else if (path === '/metrics') {
      metrics.metrics().then(
        (text) => {
          response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
          response.end(text);
        },
        () => answer(response, 500, { status: 'error' }),
      );
    } else answer(response, 404, { status: 'notFound' });
  });
  server.requestTimeout = 10_000;
  const { host, port } = addressOf(options.listen);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Past the start nothing that a client does may end the process.
  server.on('error', () => undefined);
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
