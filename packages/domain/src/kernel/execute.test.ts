import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import fc from 'fast-check';
import * as t from 'io-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { inMemoryEventStore, type InMemoryEventStore } from '../testing/in-memory-event-store.ts';
import { runsOf } from '../testing/test-size.ts';
import type { Aggregate } from './aggregate.ts';
import { OrganizationId, PrincipalId } from './command.ts';
import { happened, nothingHappened, rejected } from './decider.ts';
import { derivedId, eventIdOf } from './derived-id.ts';
import { type AppendError, type EventStore, type Position, StreamName } from './event-store.ts';
import { defineEvent, eventFamily, type EventOf } from './events.ts';
import { type Repository, repository } from './execute.ts';
import { delayAfter } from './patience.ts';
import { patienceWithStore } from './wait-for-store.ts';

const Deposited = defineEvent('Deposited', t.strict({ amount: t.number }));
const Noted = defineEvent('Noted', t.strict({ text: t.string }));
const events = eventFamily([Deposited, Noted]);
type Event = EventOf<typeof events>;

type Command = {
  readonly type: 'Deposit';
  readonly account: string;
  readonly amount: number;
  readonly context: ReturnType<typeof context>;
};
interface Refused {
  readonly _tag: 'Refused';
  readonly balance: number;
}

const context = (commandId: string, traceparent: string | null = null) => ({
  commandId,
  actor: {
    kind: 'person' as const,
    id: PrincipalId.orThrow('ada'),
    organizationId: OrganizationId.orThrow('org'),
    privileges: [],
    teams: [],
  },
  correlationId: derivedId('correlation'),
  causationId: derivedId('cause'),
  secureChannel: true,
  at: new Date('2026-01-01T00:00:00.000Z'),
  traceparent,
});

/** Takes at most 100; a deposit of 10 or more leaves a note too; a deposit of nothing changes nothing. */
const account: Aggregate<Command, Event, number, Refused> = {
  name: 'account',
  events,
  streamOf: ({ account: name }) => StreamName.orThrow(`account-${name}`),
  decider: {
    initialState: 0,
    decide: ({ amount }, balance) => {
      if (amount === 0) return nothingHappened;
      if (balance + amount > 100) return rejected({ _tag: 'Refused', balance });
      return amount < 10
        ? happened(Deposited({ amount }))
        : happened<Event>(Deposited({ amount }), Noted({ text: 'much' }));
    },
    evolve: (balance, event) => (event.type === 'Deposited' ? balance + event.data.amount : balance),
  },
};

let commands = 0;
const deposit = (amount: number, name = 'one', commandId = derivedId('command', String(++commands))): Command => ({
  type: 'Deposit',
  account: name,
  amount,
  context: context(commandId),
});

interface Faults {
  readonly append?: (real: TaskEither<AppendError, never>, attempt: number) => TaskEither<AppendError, never>;
}

/** The store, counting its calls, with appends that may go wrong. */
const watched = (store: EventStore, { append }: Faults = {}) => {
  const counts = { appends: 0, reads: 0 };
  const result: EventStore = {
    ...store,
    append: (stream, expected, given) => {
      counts.appends += 1;
      const real = store.append(stream, expected, given);
      return append === undefined ? real : append(real as TaskEither<AppendError, never>, counts.appends);
    },
    readStream: (stream, options) => {
      counts.reads += 1;
      return store.readStream(stream, options);
    },
  };
  return { store: result, counts };
};

const pause = () => Promise.resolve();
const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};
const one = StreamName.orThrow('account-one');

describe('repository', () => {
  let memory: InMemoryEventStore;
  let commandsOf: Repository;
  beforeEach(() => {
    memory = inMemoryEventStore();
    commandsOf = repository({ store: memory, pause });
  });

  it('appends what was decided, with ids that follow from the command and metadata that name it', async () => {
    const command = { ...deposit(20), context: context(derivedId('x'), '00-trace-01') };
    const committed = await right(commandsOf.execute(account, command));
    expect(committed).toMatchObject({
      stream: one,
      revision: 1,
      duplicate: false,
      events: [{ type: 'Deposited' }, {}],
    });

    const stored = await right(memory.readStream(one));
    expect(stored.map(({ id }) => id)).toEqual([0, 1].map((index) => eventIdOf(derivedId('x'), one, index)));
    expect(stored[1]?.position).toBe(committed.position);
    expect(stored[0]?.metadata).toEqual({
      commandId: derivedId('x'),
      correlationId: derivedId('correlation'),
      causationId: derivedId('cause'),
      actorId: 'ada',
      actorKind: 'person',
      organizationId: 'org',
      command: 'Deposit',
      traceparent: '00-trace-01',
    });
  });

  it('reads a stream once, and nothing for a warm command', async () => {
    const { store, counts } = watched(memory);
    const warm = repository({ store, pause });
    for (let n = 0; n < 5; n++) await right(warm.execute(account, deposit(1)));
    expect(counts).toEqual({ appends: 5, reads: 1 });
  });

  it('gives the first outcome of a command that is repeated, and writes nothing', async () => {
    const first = deposit(20, 'one', derivedId('repeated'));
    const committed = await right(commandsOf.execute(account, first));
    await right(commandsOf.execute(account, deposit(3)));
    for (const again of [commandsOf, repository({ store: memory.reopen(), pause })]) {
      // Decided now, it would give other events, or be refused.
      for (const amount of [20, 5, 90]) {
        const repeat = await right(again.execute(account, deposit(amount, 'one', derivedId('repeated'))));
        expect(repeat).toEqual({ ...committed, duplicate: true });
      }
    }
    expect(await right(memory.readStream(one))).toHaveLength(3);
  });

  it('decides a rejected command again', async () => {
    const command = deposit(101, 'one', derivedId('refused'));
    expect(await commandsOf.execute(account, command)()).toEqual(E.left({ _tag: 'Refused', balance: 0 }));
    expect(await right(commandsOf.execute(account, { ...command, amount: 1 }))).toMatchObject({ duplicate: false });
  });

  it('succeeds without events when nothing changes', async () => {
    expect(await right(commandsOf.execute(account, deposit(0)))).toEqual({
      stream: one,
      revision: 'noStream',
      position: null,
      events: [],
      duplicate: false,
    });
    await right(commandsOf.execute(account, deposit(1)));
    expect(await right(commandsOf.execute(account, deposit(0)))).toMatchObject({ revision: 0, position: null });
  });

  it('refuses nothing because of a state that others have changed', async () => {
    const other = repository({ store: memory.reopen(), pause });
    await right(commandsOf.execute(account, deposit(60)));
    expect(await other.execute(account, deposit(60))()).toEqual(E.left({ _tag: 'Refused', balance: 60 }));
    await right(other.execute(account, deposit(-50)));
    // In the memory of the first, 60 is still there; in truth it is 10.
    expect(await right(commandsOf.execute(account, deposit(60)))).toMatchObject({
      events: [{ data: { amount: 60 } }, {}],
    });
    expect(await right(commandsOf.load(account, one))).toMatchObject({ state: 70 });
  });

  it('loads only what is new after a conflict, and decides again', async () => {
    const reads: unknown[] = [];
    const store: EventStore = {
      ...memory,
      readStream: (stream, options) => {
        reads.push(options?.from);
        return memory.readStream(stream, options);
      },
    };
    const mine = repository({ store, pause });
    await right(mine.execute(account, deposit(1)));
    await right(commandsOf.execute(account, deposit(30)));
    expect(await right(mine.execute(account, deposit(1)))).toMatchObject({ revision: 3 });
    expect(reads).toEqual([0, 1]);
    expect(await right(mine.load(account, one))).toEqual({ stream: one, state: 32, revision: 3 });
  });

  it('decides the commands of one stream in order, without conflicts', async () => {
    const { store, counts } = watched(memory);
    const mine = repository({ store, pause });
    const results = await Promise.all(Array.from({ length: 30 }, () => mine.execute(account, deposit(4))()));
    expect(results.filter(E.isRight).map(({ right: { revision } }) => revision)).toEqual([...Array(25).keys()]);
    expect(results.filter(E.isLeft)).toHaveLength(5);
    expect(counts.appends).toBe(25);
  });

  it('loses and doubles nothing when several processes run commands on one stream', async () => {
    const processes = [commandsOf, ...[1, 2, 3].map(() => repository({ store: memory.reopen(), pause }))];
    const all = Array.from({ length: 40 }, () => deposit(2));
    // Every command is sent to two processes at once, as after an impatient repeat.
    const results = await Promise.all(
      all.flatMap((command, n) => [0, 1].map((k) => right(processes[(n + k) % 4]!.execute(account, command)))),
    );
    const stored = await right(memory.readStream(one));
    expect(stored).toHaveLength(40);
    expect(new Set(stored.map(({ metadata }) => metadata.commandId)).size).toBe(40);
    expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(40);
    for (const each of processes)
      expect(await right(each.load(account, one))).toMatchObject({ state: 80, revision: 39 });
  });

  describe('when the outcome of an append is not known', () => {
    const lost: AppendError = { _tag: 'OutcomeUnknown', cause: 'connection lost' };

    it.each([
      ['it was written', true],
      ['it was not', false],
    ])('repeats it until it is known: %s', async (_, isWritten) => {
      const { store, counts } = watched(memory, {
        append: (real, attempt) => async () => {
          if (attempt > 2) return await real();
          if (isWritten) await right(real);
          return E.left(lost);
        },
      });
      const mine = repository({ store, pause });
      const committed = await right(mine.execute(account, deposit(20)));
      expect(committed).toMatchObject({ revision: 1, duplicate: false });
      expect(committed.events).toEqual([Deposited({ amount: 20 }), Noted({ text: 'much' })]);
      expect(counts.appends).toBe(3);
      expect(await right(memory.readStream(one))).toHaveLength(2);
      expect(await right(mine.load(account, one))).toMatchObject({ state: 20, revision: 1 });
    });

    it('finds its own write also when others have written after it', async () => {
      const { store } = watched(memory, {
        append: (real, attempt) => async () => {
          if (attempt > 1) return await real();
          await right(real);
          await right(commandsOf.execute(account, deposit(5)));
          return E.left(lost);
        },
      });
      const committed = await right(repository({ store, pause }).execute(account, deposit(20)));
      expect(committed).toMatchObject({ revision: 1, duplicate: false });
      expect(await right(commandsOf.load(account, one))).toMatchObject({ state: 25, revision: 2 });
    });

    it('says so when it stays unknown, and starts from the store the next time', async () => {
      let isAway = true;
      const { store } = watched(memory, {
        append: (real) => async () => {
          const result = await real();
          return isAway ? E.left(lost) : result;
        },
      });
      const mine = repository({ store, pause });
      const command = deposit(20);
      expect(await mine.execute(account, command)()).toMatchObject({ left: { _tag: 'OutcomeUnknown' } });
      isAway = false;
      expect(await right(mine.execute(account, command))).toMatchObject({ revision: 1, duplicate: true });
      expect(await right(memory.readStream(one))).toHaveLength(2);
    });

    it('does not forget a doubt because a later answer sounds certain', async () => {
      const { store } = watched(memory, {
        append: (_real, attempt) => async () =>
          E.left(attempt === 1 ? lost : { _tag: 'StoreRefused', reason: 'accessDenied', problem: 'no' }),
      });
      expect(await repository({ store, pause }).execute(account, deposit(1))()).toMatchObject({
        left: { _tag: 'OutcomeUnknown' },
      });
    });
  });

  it('waits for a store that is away for a while, and reports one that stays away', async () => {
    const away: AppendError = { _tag: 'StoreUnavailable', cause: 'restarting' };
    const { store } = watched(memory, { append: (real, attempt) => (attempt > 3 ? real : async () => E.left(away)) });
    await right(repository({ store, pause }).execute(account, deposit(1)));
    const { store: gone } = watched(memory, { append: () => async () => E.left(away) });
    expect(await repository({ store: gone, pause }).execute(account, deposit(1))()).toEqual(E.left(away));
  });

  it('reports an event that this code cannot read', async () => {
    await right(memory.append(one, 'noStream', [{ ...(await strange()), type: 'FromTheFuture' }]));
    expect(await commandsOf.execute(account, deposit(1))()).toMatchObject({
      left: { _tag: 'EventUndecodable', reason: 'unknown' },
    });
  });

  it('holds up nobody after a bug in a decider', async () => {
    const broken = {
      ...account,
      decider: {
        ...account.decider,
        decide: () => {
          throw new Error('bug');
        },
      },
    };
    await expect(commandsOf.execute(broken, deposit(1))()).rejects.toThrow('bug');
    expect(await right(commandsOf.execute(account, deposit(1)))).toMatchObject({ revision: 0 });
  });

  it('keeps few states, whatever happens, and answers the same with none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -20, max: 60 })), { maxLength: 40 }),
        async (steps) => {
          const stores = [inMemoryEventStore(), inMemoryEventStore(), inMemoryEventStore()];
          const runs = [
            repository({ store: stores[0]!, pause }),
            repository({ store: stores[1]!, pause, cacheSize: 0 }),
            repository({ store: stores[2]!, pause, cacheSize: 2 }),
          ];
          for (const [name, amount] of steps) {
            const command = deposit(amount, name);
            const answers = await Promise.all(runs.map((run) => run.execute(account, command)()));
            expect(answers[1]).toEqual(answers[0]);
            expect(answers[2]).toEqual(answers[0]);
          }
        },
      ),
      { numRuns: runsOf({ small: 50, ci: 50, full: 500 }) },
    );
  });

  describe('patience', () => {
    const patienceWithWriters = { attempts: 25, firstDelay: 1, longestDelay: 100 };
    /** A repository on this store that notes how long it waits. */
    const waiting = (store: EventStore) => {
      const waits: number[] = [];
      const mine = repository({
        store,
        pause: async (milliseconds) => {
          waits.push(milliseconds);
        },
      });
      return { mine, waits };
    };

    it('with a store that is away: eight tries, spread by the first event; then its answer', async () => {
      const away: AppendError = { _tag: 'StoreUnavailable', cause: 'restarting' };
      const { store, counts } = watched(memory, { append: () => async () => E.left(away) });
      const { mine, waits } = waiting(store);
      const command = deposit(1);
      expect(await mine.execute(account, command)()).toEqual(E.left(away));
      expect(counts.appends).toBe(patienceWithStore.attempts);
      const seed = eventIdOf(command.context.commandId, one, 0);
      expect(waits).toEqual([1, 2, 3, 4, 5, 6, 7].map((attempt) => delayAfter(attempt, patienceWithStore, seed)));
    });

    it.each<[AppendError]>([
      [{ _tag: 'StoreRefused', reason: 'accessDenied', problem: 'no' }],
      [{ _tag: 'TooLarge', limit: 'maxEventBytes', max: 1, actual: 2 }],
    ])('with nothing that stays as it is: %o', async (refused) => {
      const { store, counts } = watched(memory, { append: () => async () => E.left(refused) });
      const { mine, waits } = waiting(store);
      expect(await mine.execute(account, deposit(1))()).toEqual(E.left(refused));
      expect([counts.appends, waits]).toEqual([1, []]);
    });

    it('with an outcome that stays unknown: eight tries, and the doubt with what was heard last', async () => {
      const lost: AppendError = { _tag: 'OutcomeUnknown', cause: 'lost' };
      const away: AppendError = { _tag: 'StoreUnavailable', cause: 'gone' };
      for (const last of [lost, away]) {
        const { store, counts } = watched(memory, {
          append: (_, attempt) => async () => E.left(attempt === 1 ? lost : last),
        });
        const answer = await waiting(store).mine.execute(account, deposit(1))();
        expect(answer).toEqual(E.left(last === lost ? lost : { _tag: 'OutcomeUnknown', cause: away }));
        expect(counts.appends).toBe(8);
      }
    });

    it('with writers who are always first: twenty-five rounds, each from the start, longer and longer', async () => {
      const conflict: AppendError = { _tag: 'WrongExpectedRevision', stream: one, expected: 'noStream', actual: 3 };
      const { store, counts } = watched(memory, { append: () => async () => E.left(conflict) });
      const { mine, waits } = waiting(store);
      const command = deposit(1);
      expect(await mine.execute(account, command)()).toEqual(E.left(conflict));
      expect(counts).toEqual({ appends: 26, reads: 51 });
      const rounds = Array.from({ length: 25 }, (_, n) =>
        delayAfter(n + 1, patienceWithWriters, command.context.commandId),
      );
      expect(waits).toEqual(rounds);
    });

    it('with a store that knows these events and cannot show them: as many rounds, and then the doubt', async () => {
      const { store, counts } = watched(memory, {
        append: () => async () =>
          E.right({ revision: 0, position: '0' as Position, recordedAt: new Date(0), repeated: true }) as never,
      });
      expect(await waiting(store).mine.execute(account, deposit(1))()).toEqual(
        E.left({ _tag: 'OutcomeUnknown', cause: 'repeated, but not found' }),
      );
      expect(counts.appends).toBe(26);
    });

    it('with a store that cannot be read for a while', async () => {
      const away = E.left({ _tag: 'StoreUnavailable', cause: 'restarting' } as const);
      let reads = 0;
      const { mine, waits } = waiting({
        ...memory,
        readStream: (stream, options) => async () => (++reads > 3 ? memory.readStream(stream, options)() : away),
      });
      expect(await right(mine.load(account, one))).toEqual({ stream: one, state: 0, revision: 'noStream' });
      expect(waits).toEqual([1, 2, 3].map((attempt) => delayAfter(attempt, patienceWithStore, one)));
      reads = -100;
      expect(await mine.load(account, one)()).toEqual(away);
      expect(await mine.execute(account, deposit(1))()).toEqual(away);
    });
  });

  it('holds up nobody, and keeps no half of it, after an event that this code cannot read', async () => {
    await right(commandsOf.execute(account, deposit(7)));
    await right(memory.append(one, 0, [{ ...(await strange()), type: 'FromTheFuture' }]));
    const unreadable = { left: { _tag: 'EventUndecodable', type: 'FromTheFuture', reason: 'unknown' } };
    for (const amount of [101, 0, 1])
      expect(await commandsOf.execute(account, deposit(amount))()).toMatchObject(unreadable);
    expect(await commandsOf.load(account, one)()).toMatchObject(unreadable);
  });

  it('forgets states on demand', async () => {
    const { store, counts } = watched(memory);
    const mine = repository({ store, pause });
    await right(mine.execute(account, deposit(1)));
    mine.forget();
    await right(mine.execute(account, deposit(1)));
    expect(counts.reads).toBe(2);
  });
});

const strange = async () => {
  const other = inMemoryEventStore();
  await right(repository({ store: other, pause }).execute(account, deposit(1)));
  const [event] = await right(other.readStream(one));
  if (event === undefined) throw new Error('no event');
  return event;
};
