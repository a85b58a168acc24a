import { readFileSync } from 'node:fs';

import {
  EventStoreDBClient,
  jsonEvent,
  type AllStreamSubscription,
  type JSONEventData,
  type StreamSubscription,
} from '@eventstore/db-client';

/** A file of what a real server answered. */
export const recorded = (name: string): string =>
  readFileSync(new URL(`../test-data/${name}`, import.meta.url), 'utf8');

/** What a client saw of a real server's faults. */
export const recordedFaults = JSON.parse(recorded('faults-23.10.8.json')) as Record<string, Record<string, unknown>>;

/** Credentials on a call make the client append by a call of its own; an insecure server does not look at them. */
export const unary = { credentials: { username: 'anybody', password: 'anything' } };

export const connect = (connectionString: string): EventStoreDBClient =>
  EventStoreDBClient.connectionString(connectionString);

/** Events with nothing in them, of these types. */
export const events = (...types: string[]): JSONEventData[] => types.map((type) => jsonEvent({ type, data: {} }));

/** Name and revision of every event of a stream. */
export async function readAll(client: EventStoreDBClient, stream: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { event } of client.readStream(stream)) found.push(`${event?.type}@${event?.revision}`);
  return found;
}

interface Failure {
  readonly type?: string;
  readonly code?: number;
  readonly message?: string;
}

/** The error of a promise that must fail, as type and code. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome = await promise.then(
    () => 'no error' as const,
    (error: unknown) => error as Failure,
  );
  if (outcome === 'no error') throw new Error('expected a failure');
  return outcome;
}

/** Notes what a subscription says, in order, and lets a test wait for it. */
export class Listener {
  readonly heard: string[] = [];
  failure: Failure | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #subscription: StreamSubscription | AllStreamSubscription;

  constructor(subscription: StreamSubscription | AllStreamSubscription) {
    this.#subscription = subscription;
    const note = (what: string): void => {
      this.heard.push(what);
      for (const wake of this.#waiting) wake();
    };
    subscription.on('confirmation', () => note('confirmed'));
    subscription.on('data', ({ event }: { event?: { type: string; revision: bigint } }) =>
      note(`${event?.type}@${event?.revision}`),
    );
    subscription.on('caughtUp', () => note('caughtUp'));
    subscription.on('error', (error: Failure) => {
      this.failure = error;
      note(`error ${error.type}`);
    });
    subscription.on('end', () => note('end'));
  }

  /** Resolves once something has been heard so many times. */
  async until(what: string, times = 1): Promise<void> {
    while (this.heard.filter((heard) => heard === what).length < times) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async stop(): Promise<void> {
    await this.#subscription.unsubscribe();
  }
}

/** Resolves when a condition that other turns of the event loop bring about holds; the test's own time limit applies. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
