import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port that neither accepts nor refuses: a connection to it is never established. */
export interface DeafPort {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens in a thread that then stands still, so that nothing is ever accepted. */
const listener = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer();
server.listen({ port: 0, host: workerData, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

/**
 * Fills the queue of a listener that never accepts. Linux then drops what comes on top, as a firewall does; other
 * systems may refuse it. The last connection that fills the queue is given 250 ms to prove that it does.
 */
export const startDeafPort = async (host = '127.0.0.1'): Promise<DeafPort> => {
  const worker = new Worker(listener, { eval: true, workerData: host });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const fillers: Socket[] = [];
  for (let full = false; !full && fillers.length < 64;) {
    const socket = connect({ host, port });
    socket.on('error', () => undefined);
    fillers.push(socket);
    full = !(await established(socket));
  }
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
};

const established = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      // A busy event loop runs timers late: what has arrived meanwhile counts.
      setImmediate(() => {
        resolve(!socket.connecting);
      });
    }, 250);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
