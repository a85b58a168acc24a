import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a raw server does when it is connected to (`line` is null) and for each line that it receives. */
export type RawSession = (socket: Socket, line: string | null, count: number) => void;

export interface RawServer {
  readonly port: number;
  /** Resolves when no connection is open. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A server without a protocol, for what no real one would say. */
export const startRawServer = async (session: RawSession): Promise<RawServer> => {
  const open = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    open.set(
      socket,
      new Promise((resolve) => {
        socket.once('close', () => {
          open.delete(socket);
          resolve();
        });
      }),
    );
    socket.on('error', () => undefined);
    let rest = '';
    let count = 0;
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) session(socket, line, (count += 1));
    });
    session(socket, null, 0);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    idle: async () => {
      await Promise.all(open.values());
    },
    close: async () => {
      for (const socket of open.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
