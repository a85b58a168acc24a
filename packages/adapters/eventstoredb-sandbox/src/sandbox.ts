import { randomUUID } from 'node:crypto';

import type { Context, Member, Mode } from './calls/context.ts';
import { Faults, type CallName } from './faults/faults.ts';
import { Tally } from './faults/tally.ts';
import type { TlsFiles } from './front/front.ts';
import { givePortBack } from './front/ports.ts';
import { EventLog, writeSystemEvent } from './log/event-log.ts';
import { bringUp, type RunningNode } from './node.ts';
import { Timers } from './timers.ts';

/** Settings of a sandbox server. Every one may be left out. */
export interface SandboxOptions {
  /** Default: a free port, kept until the sandbox is closed. */
  readonly port?: number;
  /** Which server to imitate. Default `23.10`. */
  readonly mode?: Mode;
  /** An append-only file that keeps the log over restarts of the process. Default: memory. One server per file. */
  readonly dataFile?: string;
  /** Bytes of data one append may have. Default 1 MiB, as on a real server. */
  readonly maxAppendSize?: number;
  /** Calls that one connection may have open at a time; more wait in silence. Default 100, as on a real server. */
  readonly maxConcurrentCalls?: number;
  /**
   * Whether a batch append with a malformed id or an empty type is answered twice, as by a real server: the second answer
   * breaks the client that sent it for good. Default false, so that other appends of the same client can be looked at.
   */
  readonly answersBrokenAppendsTwice?: boolean;
  /** Milliseconds until that second answer. Default 2000. */
  readonly writeTimeoutMs?: number;
  /** Milliseconds a repeat of a write in flight waits for its answer. Default 3000. */
  readonly commitTimeoutMs?: number;
  /** Certificate and key as PEM; the port then speaks TLS only. */
  readonly tls?: TlsFiles;
  /** User names and passwords; every call must then carry one. Default: anybody may do anything. */
  readonly users?: Readonly<Record<string, string>>;
  /** The clock of the log, in milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A scripted EventStoreDB server on a loopback port. */
export interface Sandbox {
  readonly host: string;
  readonly port: number;
  /** `esdb://…` for this node alone. */
  readonly connectionString: string;
  readonly faults: Faults;
  /** Calls of a kind that have arrived so far. */
  readonly callsStarted: (call: CallName) => number;
  /** Calls of a kind that are open now. */
  readonly callsOpen: (call: CallName) => number;
  /** Connections that are open now. */
  readonly connections: () => number;
  /** While false, writes and reads are refused as by a server that starts, and `/health/live` says 503. */
  readonly setReady: (ready: boolean) => void;
  /** Stands still as a stopped process does: connections stay open and nothing is answered. */
  readonly freeze: () => void;
  /** Ends `freeze`: whatever came in meanwhile is served now. */
  readonly thaw: () => void;
  /** Dies as by `kill -9`: every connection is cut, the port is closed. What was committed is kept. */
  readonly kill: () => Promise<void>;
  /**
   * Ends as by SIGTERM: goes on for so many milliseconds (a real server takes 5000, the default), then ends every call with
   * the status a client makes of that, and closes the port.
   */
  readonly shutDown: (afterMs?: number) => Promise<void>;
  /** Comes up again on the same port after `kill` or `shutDown`; ids of late are forgotten, so repeats without a revision double. */
  readonly restart: () => Promise<void>;
  /** Ends for good. */
  readonly close: () => Promise<void>;
}

/** What makes a node one of several. */
export interface Membership {
  readonly log: EventLog;
  readonly self: string;
  readonly members: () => readonly Member[];
}

/** For so long after standing still, calls may arrive that were given up meanwhile. */
const SETTLING_MS = 1_000;
/** So much later than such a call comes the word that it was given up. */
const GIVEN_UP_MS = 25;
const HOST = '127.0.0.1';

/** Starts one node, of its own or as a member of a cluster. Rejects when the port or the file cannot be had. */
export async function startNode(options: SandboxOptions, membership?: Membership): Promise<Sandbox> {
  const openLog = (): EventLog => {
    const { dataFile, now } = options;
    const log = new EventLog({
      ...(dataFile === undefined ? {} : { dataFile }),
      ...(now === undefined ? {} : { now }),
    });
    if (log.all.length === 0) writeSystemEvent(log);
    return log;
  };
  const faults = new Faults();
  const tally = new Tally();
  const timers = new Timers();
  const endings = new Set<() => void>();
  const self = membership?.self ?? randomUUID();
  let log = membership?.log ?? openLog();
  let ready = true;
  let settlesAt = 0;
  let node: RunningNode | undefined;
  let port = options.port ?? 0;
  const alone = (): readonly Member[] => [{ id: self, host: HOST, port, state: 'leader', alive: true }];

  const up = async (): Promise<void> => {
    const context: Context = {
      log,
      faults,
      tally,
      mode: options.mode ?? '23.10',
      maxAppendSize: options.maxAppendSize ?? 1_048_576,
      answersBrokenAppendsTwice: options.answersBrokenAppendsTwice ?? false,
      writeTimeoutMs: options.writeTimeoutMs ?? 2_000,
      commitTimeoutMs: options.commitTimeoutMs ?? 3_000,
      ready: () => ready,
      members: membership?.members ?? alone,
      self,
      users: options.users === undefined ? undefined : new Map(Object.entries(options.users)),
      endings,
      cut: (peer) => node?.front.cut(peer),
      settled: () => (Date.now() < settlesAt ? timers.wait(GIVEN_UP_MS) : Promise.resolve()),
      wait: (ms) => timers.wait(ms),
    };
    const { maxConcurrentCalls = 100, tls } = options;
    node = await bringUp(context, { port, maxConcurrentCalls, tls });
    port = node.front.port;
  };
  const down = async (): Promise<void> => {
    timers.clear();
    settlesAt = 0;
    await node?.stop();
    endings.clear();
    node = undefined;
  };
  await up();

  return {
    host: HOST,
    port,
    connectionString: `esdb://${HOST}:${port}?tls=${options.tls === undefined ? 'false' : 'true'}`,
    faults,
    callsStarted: (call) => tally.started(call),
    callsOpen: (call) => tally.open(call),
    connections: () => node?.front.connections ?? 0,
    setReady: (value) => {
      ready = value;
    },
    freeze: () => node?.front.freeze(),
    thaw: () => {
      settlesAt = Date.now() + SETTLING_MS;
      node?.front.thaw();
    },
    kill: down,
    shutDown: async (afterMs = 5_000) => {
      await timers.wait(afterMs);
      for (const end of [...endings]) end();
      await node?.stopGently();
      await down();
    },
    restart: async () => {
      await down();
      if (membership === undefined && options.dataFile !== undefined) {
        log.close();
        log = openLog();
      } else log.forgetMemory();
      await up();
    },
    close: async () => {
      await down();
      if (membership === undefined) log.close();
      if ((options.port ?? 0) === 0) givePortBack(port);
    },
  };
}
