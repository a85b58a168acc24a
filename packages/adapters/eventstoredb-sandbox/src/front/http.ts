import { createServer, type Server } from 'node:http';

import type { Member } from '../calls/context.ts';

/** What the HTTP/1.1 side of the port tells. */
export interface HttpFacts {
  readonly version: string;
  readonly insecure: boolean;
  readonly ready: () => boolean;
  readonly members: () => readonly Member[];
  readonly self: string;
}

/**
 * The HTTP/1.1 side: `/ping`, `/info`, `/gossip`, and `/health/live` (204 when ready, 503 before). It never listens: the
 * front hands it connections.
 */
export function httpSide(facts: HttpFacts): Server {
  return createServer((request, response) => {
    const json = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    const path = (request.url ?? '/').split('?')[0];
    const state = facts.members().find((member) => member.id === facts.self)?.state ?? 'unknown';
    switch (path) {
      case '/ping': {
        json({ text: 'Ping request successfully handled' });
        return;
      }
      case '/info': {
        json({
          esVersion: facts.version,
          state,
          features: { projections: false, userManagement: false, atomPub: false },
          authentication: { type: facts.insecure ? 'insecure' : 'internal', properties: {} },
        });
        return;
      }
      case '/gossip': {
        json({
          members: facts.members().map(({ id, host, port, state: memberState, alive }) => ({
            instanceId: id,
            state: memberState,
            isAlive: alive,
            httpEndPointIp: host,
            httpEndPointPort: port,
          })),
        });
        return;
      }
      case '/health/live':
        response.writeHead(facts.ready() ? 204 : 503);
        response.end();
        return;
      default:
        response.writeHead(404);
        response.end();
    }
  });
}
