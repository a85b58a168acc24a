import type { ServerCertificate } from '@mailroom/mail-sandbox';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface HttpsServer {
  readonly port: number;
  /** `host` and path of every request, in order. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** A web server on loopback that answers as it is told. */
export const startHttpsServer = async (
  { key, chain }: ServerCertificate,
  listener: RequestListener,
): Promise<HttpsServer> => {
  const requests: string[] = [];
  const server = createServer({ key, cert: chain }, (request, response) => {
    requests.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
