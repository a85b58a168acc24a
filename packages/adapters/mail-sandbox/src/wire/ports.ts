import { createServer } from 'node:net';

/**
 * A port of `host` on which nobody listens, below the range the system gives out by itself, so that no server that
 * asks for any free port gets it later. `wanted` is taken when it is free. Rejects when none of 200 tries is free.
 */
export const closedPort = async (host = '127.0.0.1', wanted?: number): Promise<number> => {
  if (wanted !== undefined && (await isFree(host, wanted))) return wanted;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`no free port found on ${host}`);
};

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host, port }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
