/**
 * A sandbox that goes down comes up again on its port, so nobody may get that port meanwhile. Ports are therefore taken
 * below the range that the system gives out by itself (to whoever asks for any, and to every outgoing connection), and
 * each process begins at a place of its own.
 */
const LOWEST = 10_000;
const OF_EACH_PROCESS = 200;
const PROCESSES = 100;

const first = LOWEST + (process.pid % PROCESSES) * OF_EACH_PROCESS;
const kept = new Set<number>();
let next = 0;

/** A port that no sandbox of this process keeps, kept from now on; somebody else may use it. Throws when all are kept. */
export const keepPort = (): number => {
  for (let tries = 0; tries < OF_EACH_PROCESS; tries += 1) {
    const port = first + (next++ % OF_EACH_PROCESS);
    if (kept.has(port)) continue;
    kept.add(port);
    return port;
  }
  throw new Error(`${OF_EACH_PROCESS} sandboxes of this process are open: close some`);
};

/** Whoever kept it has ended for good. */
export const givePortBack = (port: number): void => {
  kept.delete(port);
};
