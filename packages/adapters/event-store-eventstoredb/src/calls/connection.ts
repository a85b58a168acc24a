import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import type { EventStoreDBClient } from '@eventstore/db-client';

import type { ConnectionTarget } from '../connection-string.ts';
import { newClient, retire } from './client.ts';
import { classify } from './failures.ts';
import { CallTimedOut, within } from './patience.ts';
import { Places } from './places.ts';

/** A server takes 100 calls on a connection and lets the others wait in silence; some room is left for the client's own. */
const CALLS_PER_CONNECTION = 90;
/** A client that is told who leads needs a moment to turn to it. */
const LEADER_HOPS = 4;
const HOP_MS = 25;

/** Numbers connections apart, over all stores of the process. */
let lastConnection = 0;

/** One call's place on a connection. */
export interface Lease {
  readonly client: EventStoreDBClient;
  /** Frees the place. */
  readonly release: () => void;
  /** Says that a call on it was answered. */
  readonly trust: () => void;
  /** Says that a call on it had no answer; when that goes on, later calls get a fresh client. */
  readonly suspect: () => void;
  /** Says that the client is of no use any more: later calls get a fresh one, with a connection of its own. */
  readonly condemn: () => void;
}

/** One slow answer does not condemn a connection: a new one costs time too, and on a slow server would be too late again. */
const SILENCES = 2;

/** A client, and how many calls are still on it. */
interface Held {
  readonly client: EventStoreDBClient;
  calls: number;
  /** Calls in a row that had no answer in their time. */
  silences: number;
  replaced: boolean;
}

/** One client on an HTTP/2 connection that it shares with nobody, never with more calls than a server serves. */
export class Connection {
  readonly #target: ConnectionTarget;
  readonly #places = new Places(CALLS_PER_CONNECTION);
  readonly #all = new Set<Held>();
  readonly #closing = new AbortController();
  #current: Held | undefined;

  constructor(target: ConnectionTarget) {
    this.#target = target;
    // As many as there are reads under way.
    setMaxListeners(0, this.#closing.signal);
  }

  get hasRoom(): boolean {
    return this.#places.hasRoom;
  }

  /** Waits for a place. */
  async lease(): Promise<Lease> {
    return this.#leaseOf(await this.#places.take());
  }

  #leaseOf(free: () => void): Lease {
    const held = this.#hold();
    let released = false;
    return {
      client: held.client,
      release: () => {
        if (released) return;
        released = true;
        free();
        held.calls -= 1;
        this.#retireIfIdle(held);
      },
      trust: () => {
        held.silences = 0;
      },
      suspect: () => {
        held.silences += 1;
        if (held.silences >= SILENCES) this.#replace(held);
      },
      condemn: () => this.#replace(held),
    };
  }

  /**
   * One call with one answer. Rejects with the client's error, or with `CallTimedOut` when its time is up, the wait for a
   * place included. A call that met a follower is made again where the leader is.
   */
  async call<T>(what: string, ms: number, make: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const free = this.#places.takeNow();
    const lease = free === undefined ? await this.#leaseWithin(ms, what) : this.#leaseOf(free);
    return await use(lease, () => within(ms, what, make(lease.client)));
  }

  async #leaseWithin(ms: number, what: string): Promise<Lease> {
    const taking = this.lease();
    return await within(ms, `${what}, waiting for a place`, taking).catch((error: unknown) => {
      void taking.then(({ release }) => release());
      throw error;
    });
  }

  /** The same for a call with many answers, which looks after its time itself, and ends when the signal is aborted. */
  async stream(make: (client: EventStoreDBClient, signal: AbortSignal) => Promise<void>): Promise<void> {
    const lease = await this.lease();
    await use(lease, () => make(lease.client, this.#closing.signal));
  }

  /** Cancels what is open and closes the connection. */
  async close(): Promise<void> {
    this.#closing.abort();
    const all = [...this.#all];
    this.#all.clear();
    this.#current = undefined;
    await Promise.all(all.map(({ client }) => retire(client)));
  }

  #hold(): Held {
    if (this.#current === undefined) {
      lastConnection += 1;
      const client = newClient(this.#target.stringFor(lastConnection));
      this.#current = { client, calls: 0, silences: 0, replaced: false };
      this.#all.add(this.#current);
    }
    this.#current.calls += 1;
    return this.#current;
  }

  /** Calls that are still on it go on: to cancel them here would leave whoever made them without a word. */
  #replace(held: Held): void {
    held.replaced = true;
    if (this.#current === held) this.#current = undefined;
  }

  #retireIfIdle(held: Held): void {
    if (!held.replaced || held.calls > 0) return;
    this.#all.delete(held);
    void retire(held.client);
  }
}

async function use<T>(lease: Lease, make: () => Promise<T>): Promise<T> {
  try {
    const answer = await followingLeader(make);
    lease.trust();
    return answer;
  } catch (error) {
    if (error instanceof CallTimedOut) lease.suspect();
    else if (isPoison(error)) lease.condemn();
    else lease.trust();
    throw error;
  } finally {
    lease.release();
  }
}

async function followingLeader<T>(make: () => Promise<T>): Promise<T> {
  for (let hop = 1; ; hop += 1) {
    try {
      return await make();
    } catch (error) {
      // Nothing was done, so asking again is safe.
      if (hop === LEADER_HOPS || classify(error).failure.is !== 'notLeader') throw error;
      await delay(HOP_MS * hop);
    }
  }
}

/** A client keeps a failed discovery, and a failed question for the server's features, for ever. */
function isPoison(error: unknown): boolean {
  const { type, message } = (error ?? {}) as { readonly type?: unknown; readonly message?: unknown };
  return type === undefined || String(message).startsWith('Failed to discover');
}
