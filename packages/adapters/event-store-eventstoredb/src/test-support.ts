import { randomUUID } from 'node:crypto';

import {
  StreamName,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
  type SubscriptionItem,
} from '@mailroom/domain';
import type { Sandbox } from '@mailroom/eventstoredb-sandbox';
import * as E from 'fp-ts/lib/Either.js';

import { eventStoreDb } from './event-store-db.ts';
import type { EventStoreDbOptions, Timing } from './options.ts';

/** Never over while a test runs, but for the delays between attempts. A test that waits for a limit sets that one. */
const patient: Timing = {
  appendMs: 60_000,
  readIdleMs: 60_000,
  confirmMs: 60_000,
  watchdogMs: 60_000,
  firstRetryMs: 5,
  longestRetryMs: 50,
};

export const storeOn = (
  { connectionString }: Pick<Sandbox, 'connectionString'>,
  options: Partial<EventStoreDbOptions> = {},
): EventStore => eventStoreDb({ connectionString, ...options, timing: { ...patient, ...options.timing } });

/** A stream nobody else uses. */
export const aStream = (): StreamName => StreamName.orThrow(`test-${randomUUID()}`);

export const anEvent = (data: NewEvent['data'] = {}, type = 'Happened'): NewEvent => ({
  id: randomUUID(),
  type,
  schemaVersion: 1,
  data,
  metadata: {
    commandId: randomUUID(),
    correlationId: randomUUID(),
    causationId: randomUUID(),
    actorId: 'somebody',
    actorKind: 'person',
    organizationId: 'organization',
    command: 'DoIt',
  },
});

export const someEvents = (count: number, type = 'Happened'): readonly NewEvent[] =>
  Array.from({ length: count }, (_, number) => anEvent({ number }, type));

export const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);

/** A Right's value; throws a readable error for a Left. */
export function right<A>(either: E.Either<unknown, A>): A {
  if (E.isLeft(either)) throw new Error(`expected success, got ${JSON.stringify(either.left)}`);
  return either.right;
}

/** A Left's value. */
export function left<L>(either: E.Either<L, unknown>): L {
  if (E.isRight(either)) throw new Error(`expected a failure, got ${JSON.stringify(either.right)}`);
  return either.left;
}

/** Notes what a subscription gives, and lets a test wait for it. */
export class Follower {
  readonly items: SubscriptionItem[] = [];
  readonly ended: Promise<E.Either<unknown, 'ended'>>;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();

  constructor(
    store: EventStore,
    options: Partial<Omit<Parameters<EventStore['subscribe']>[0], 'signal'>> = {},
    onItem: (item: SubscriptionItem) => Promise<void> | void = () => undefined,
  ) {
    this.ended = this.#follow(store, { after: 'start', ...options, signal: this.#stop.signal }, onItem);
  }

  get events(): readonly RecordedEvent[] {
    return this.items.flatMap((item) => (item._tag === 'Events' ? item.events : []));
  }

  count(tag: SubscriptionItem['_tag']): number {
    return this.items.filter(({ _tag }) => _tag === tag).length;
  }

  /** Resolves once the condition holds of what was given so far. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended.then(() => undefined);
  }

  async #follow(
    store: EventStore,
    options: Parameters<EventStore['subscribe']>[0],
    onItem: (item: SubscriptionItem) => Promise<void> | void,
  ): Promise<E.Either<unknown, 'ended'>> {
    for await (const item of store.subscribe(options)) {
      if (E.isLeft(item)) return item;
      this.items.push(item.right);
      await onItem(item.right);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
    return E.right('ended');
  }
}

/** Resolves when a condition that other turns of the event loop bring about holds; the test's own time limit applies. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Repeats an append until its outcome is known, as whoever executes commands does. */
export async function appendUntilKnown(
  store: EventStore,
  ...append: Parameters<EventStore['append']>
): Promise<Awaited<ReturnType<ReturnType<EventStore['append']>>>> {
  for (;;) {
    const result = await store.append(...append)();
    if (E.isRight(result)) return result;
    if (result.left._tag !== 'OutcomeUnknown' && result.left._tag !== 'StoreUnavailable') return result;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
