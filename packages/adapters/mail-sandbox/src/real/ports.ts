import { createServer, connect } from 'node:net';

const bind = (): Promise<{ readonly port: number; readonly free: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('A TCP server has a port');
      resolve({
        port: address.port,
        free: () =>
          new Promise((done) => {
            server.close(() => done());
          }),
      });
    });
  });

/** Ports that nobody listens on at this moment, all different. */
export const freePorts = async <const Name extends string>(
  ...names: readonly Name[]
): Promise<Record<Name, number>> => {
  const bound = await Promise.all(names.map(() => bind()));
  await Promise.all(bound.map(({ free }) => free()));
  return Object.fromEntries(names.map((name, index) => [name, bound[index]?.port])) as Record<Name, number>;
};

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Resolves once every port accepts connections; throws after `limitMs`. */
export const whenListening = async (host: string, ports: readonly number[], limitMs = 20_000): Promise<void> => {
  const end = Date.now() + limitMs;
  for (const port of ports) {
    while (!(await answers(host, port))) {
      if (Date.now() > end) throw new Error(`Nothing listens on ${host}:${port} after ${limitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};
