import * as assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import type { EventStore, Position, RecordedEvent } from '../kernel/event-store.ts';
import type { DomainEvent } from '../kernel/events.ts';
import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
import {
  alertMail,
  credentialsExpiry,
  incidents,
  type Instruction,
  profileChanges,
  testing,
  testMessages,
  testRuns,
} from '../policies/index.ts';

/** One thing that is owed, and by which row of which policy. */
export interface OwedNow {
  readonly policy: string;
  readonly key: string;
  readonly intent: Intent<Instruction>;
}

/** The rows of one policy over one store, which follow the history as it grows. */
const follower = <Row, Event extends DomainEvent>(
  manager: ProcessManager<Row, Event, Instruction>,
  store: EventStore,
) => {
  const rows = new Map<string, Row | undefined>();
  let after: Position | undefined;
  const fold = (recorded: RecordedEvent): void => {
    const decoded = manager.events.decode(recorded);
    if (E.isLeft(decoded)) throw new Error(decoded.left.problems.join());
    for (const key of manager.keys(decoded.right)) {
      const row = manager.evolve(rows.get(key), decoded.right, key, recorded);
      // Rows are kept as JSON: what does not survive that must not be in them.
      if (row !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(row)), row);
      rows.set(key, row);
    }
  };
  return async (): Promise<readonly OwedNow[]> => {
    const { types } = manager.events;
    for await (const batch of store.readAll(after === undefined ? { types } : { types, after })) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      for (const recorded of batch.right) {
        fold(recorded);
        after = recorded.position;
      }
    }
    return [...rows].flatMap(([key, row]) => {
      const intents = row === undefined ? [] : manager.intents(row, key);
      assert.equal(new Set(intents.map((intent) => intent.key)).size, intents.length, 'keys of intents are unique');
      return intents.map((intent) => ({ policy: manager.name, key, intent }));
    });
  };
};

const followerOfAll = (store: EventStore): (() => Promise<readonly OwedNow[]>) => {
  const all = [
    follower(testing, store),
    follower(profileChanges, store),
    follower(incidents, store),
    follower(testRuns, store),
    follower(testMessages, store),
    follower(alertMail, store),
    follower(credentialsExpiry, store),
  ];
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (): Promise<readonly OwedNow[]> => {
    const owed: OwedNow[] = [];
    for (const one of all) owed.push(...(await one()));
    return owed;
  };
  // One after the other: each goes on where the one before it has ended.
  return () => {
    const answer = turn.then(ask);
    turn = answer.catch(() => undefined);
    return answer;
  };
};

const followers = new WeakMap<EventStore, ReturnType<typeof followerOfAll>>();

/** What the history of this store owes, by all policies, folded from the first event; each event is folded once. */
export const owedIn = (store: EventStore): Promise<readonly OwedNow[]> => {
  const follow = followers.get(store) ?? followerOfAll(store);
  followers.set(store, follow);
  return follow();
};

/**
 * Carries out what is owed and due, round after round, until nothing is: a policy runner without a clock of its own.
 * Fails when it does not come to an end, which means that something carried out is still owed.
 */
export const settle = async (
  store: EventStore,
  now: () => Date,
  carryOut: (instruction: Instruction) => Promise<unknown>,
): Promise<void> => {
  for (let round = 0; round < 50; round++) {
    const due = (await owedIn(store)).filter(({ intent }) => intent.due === null || intent.due <= now());
    if (due.length === 0) return;
    await Promise.all(due.map(({ intent }) => carryOut(intent.instruction)));
  }
  assert.fail('what was carried out is still owed after 50 rounds');
};
