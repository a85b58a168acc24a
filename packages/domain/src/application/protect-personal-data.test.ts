import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { derivedId } from '../kernel/derived-id.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { type EventStore, type NewEvent, StreamName } from '../kernel/event-store.ts';
import { personal } from '../kernel/personal.ts';
import { inMemoryEventStore } from '../testing/in-memory-event-store.ts';
import { memoryVault } from '../testing/memory-vault.ts';
import { runsOf } from '../testing/test-size.ts';
import { nullable, PersonId, personIdOf } from '../values/index.ts';
import { protectPersonalData } from './protect-personal-data.ts';

const Met = defineEvent(
  'Met',
  t.strict({ personId: PersonId, name: personal(t.string), age: personal(nullable(t.number)), place: t.string }),
);
const Rained = defineEvent('Rained', t.strict({ place: t.string }));
const family = eventFamily([Met, Rained]);
type Event = EventOf<typeof family>;

const stream = StreamName.orThrow('diary-1');
const ada = personIdOf('org', 'user', 'ada');
const bob = personIdOf('org', 'user', 'bob');

const metadata = {
  commandId: derivedId('command'),
  correlationId: derivedId('command'),
  causationId: derivedId('command'),
  actorId: 'somebody',
  actorKind: 'person',
  organizationId: 'org',
  command: 'Write',
} as const;
const toStore = (events: readonly Event[]): readonly NewEvent[] =>
  events.map((event, index) => ({ ...family.encode(event), id: derivedId('event', String(index)), metadata }));

/** The same event under another id: events of two appends are different ones. */
const renamed = (event: NewEvent): NewEvent => ({ ...event, id: derivedId('another', event.id) });

const open = () => {
  const plain = inMemoryEventStore();
  const vault = memoryVault();
  return { plain, vault, store: protectPersonalData({ store: plain, cipher: vault, families: [family] }) };
};

const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

const read = async (store: EventStore): Promise<readonly unknown[]> => {
  const recorded = await store.readStream(stream)();
  if (E.isLeft(recorded)) throw new Error(recorded.left._tag);
  return recorded.right.map((event) => {
    const decoded = family.decode(event);
    if (E.isLeft(decoded)) throw new Error(decoded.left.problems.join());
    return decoded.right;
  });
};

const raw = async (store: EventStore): Promise<string> => JSON.stringify(await store.readStream(stream)());

const met = (personId: PersonId, name: string, age: number | null = null): Event =>
  Met({ personId, name, age, place: 'Paris' });

describe('protectPersonalData', () => {
  it('gives back what was written, and keeps it unreadable in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 8 }).map((text) => `name:${text}`),
        fc.option(fc.integer()),
        async (name, age) => {
          const { plain, store } = open();
          const events = [met(ada, name, age), Rained({ place: 'Oslo' }), met(bob, name)];
          expect(E.isRight(await store.append(stream, 'noStream', toStore(events))())).toBe(true);
          expect(await read(store)).toEqual(events);
          const stored = await raw(plain);
          expect(stored).not.toContain(JSON.stringify(name).slice(1, -1));
          expect(stored).toContain('Paris');
        },
      ),
      { numRuns: runsOf({ small: 50, ci: 50, full: 500 }) },
    );
  });

  it('keeps null as null and the rest of the event as it is', async () => {
    const { plain, store } = open();
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada')])));
    const stored = await plain.readStream(stream)();
    expect(E.isRight(stored) && stored.right[0]?.data).toEqual({
      personId: ada,
      name: { sealed: expect.any(String) as unknown },
      age: null,
      place: 'Paris',
    });
  });

  it('reads one person as erased when the key is gone, and the others as before', async () => {
    const { vault, store } = open();
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada', 36), met(bob, 'Bob', 40)])));
    await right(vault.erase(ada));
    expect(await read(store)).toEqual([
      { type: 'Met', data: { personId: ada, name: '[erased]', age: '[erased]', place: 'Paris' } },
      met(bob, 'Bob', 40),
    ]);
  });

  it('writes nothing personal about a person who was erased', async () => {
    const { plain, vault, store } = open();
    await right(vault.erase(ada));
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada', 36)])));
    const stored = await plain.readStream(stream)();
    expect(E.isRight(stored) && stored.right[0]?.data).toMatchObject({ name: '[erased]', age: '[erased]' });
  });

  it('opens batches and subscriptions like streams, also with nothing in the cache of keys', async () => {
    const { plain, vault, store } = open();
    const events = [met(ada, 'Ada'), met(bob, 'Bob')];
    await right(store.append(stream, 'noStream', toStore(events)));
    const fresh = protectPersonalData({ store: plain, cipher: vault.reopen(), families: [family] });

    const names: unknown[] = [];
    for await (const batch of fresh.readAll()) {
      if (E.isRight(batch)) names.push(...batch.right.map(({ data }) => data['name']));
    }
    const stop = new AbortController();
    for await (const item of protectPersonalData({
      store: plain,
      cipher: vault.reopen(),
      families: [family],
    }).subscribe({
      after: 'start',
      signal: stop.signal,
    })) {
      if (E.isLeft(item) || item.right._tag === 'CaughtUp') stop.abort();
      else if (item.right._tag === 'Events') names.push(...item.right.events.map(({ data }) => data['name']));
    }
    expect(names).toEqual(['Ada', 'Bob', 'Ada', 'Bob']);
  });

  it('refuses a sealed text that was moved to another event', async () => {
    const { plain, store } = open();
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada')])));
    const stored = await plain.readStream(stream)();
    const [first] = E.isRight(stored) ? stored.right : [];
    const moved = { ...toStore([met(ada, 'x'), met(ada, 'y')])[1]!, data: first!.data };
    await right(plain.append(stream, 0, [moved]));
    expect(await store.readStream(stream)()).toMatchObject({ _tag: 'Left', left: { _tag: 'StoreRefused' } });
  });

  it('says that the store is unavailable while the vault is, and writes nothing', async () => {
    const { plain, vault } = open();
    const away = { ...vault, prepare: () => async () => E.left({ _tag: 'VaultUnavailable' as const, cause: 'away' }) };
    const store = protectPersonalData({ store: plain, cipher: away, families: [family] });
    expect(await store.append(stream, 'noStream', toStore([met(ada, 'Ada')]))()).toMatchObject({
      left: { _tag: 'StoreUnavailable' },
    });
    expect(await plain.head()).toMatchObject({ _tag: 'Right', right: null });
  });

  it('does not ask the vault about events without personal fields', async () => {
    const { plain, vault } = open();
    const never = () => {
      throw new Error('asked');
    };
    const store = protectPersonalData({
      store: plain,
      cipher: { ...vault, prepare: never, seal: never, open: never, isPrepared: never },
      families: [family],
    });
    await right(store.append(stream, 'noStream', toStore([Rained({ place: 'Oslo' })])));
    expect(await read(store)).toEqual([Rained({ place: 'Oslo' })]);
  });

  it('asks for the keys of a batch at once, and not at all while it has them', async () => {
    const { plain, vault } = open();
    const asked: unknown[] = [];
    const listening = (cipher: typeof vault) =>
      protectPersonalData({
        store: plain,
        cipher: {
          ...cipher,
          prepare: (persons, missing) => {
            asked.push([persons, missing]);
            return cipher.prepare(persons, missing);
          },
        },
        families: [family],
      });
    const store = listening(vault);
    const erasedAlready = Met({ personId: bob, name: '[erased]', age: null, place: 'Paris' });
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada'), erasedAlready, met(ada, 'Ada')])));
    await right(store.append(stream, 2, toStore([met(ada, 'Ada', 7), met(bob, 'Bob')]).map(renamed)));
    await read(store);
    expect(asked.splice(0)).toEqual([
      [[ada], 'create'],
      [[ada, bob], 'create'],
    ]);
    await read(listening(vault.reopen()));
    expect(asked).toEqual([[[ada, bob], 'leave']]);
  });

  it('tells an event that names nobody from one that may be stored: its definition is wrong', async () => {
    const { store } = open();
    for (const personId of [undefined, null, 'ada']) {
      const [event] = toStore([met(ada, 'Ada')]);
      const nameless = { ...event!, data: { ...event!.data, personId } as NewEvent['data'] };
      await expect(store.append(stream, 'noStream', [nameless])()).rejects.toThrow(
        'Met has personal fields: personId must name the person',
      );
    }
  });

  it('leaves alone what was not sealed, and what only looks like it', async () => {
    const { plain, store } = open();
    const odd = { personId: ada, name: ['sealed'], age: { sealed: 7 }, place: null } as unknown as NewEvent['data'];
    await right(plain.append(stream, 'noStream', [{ ...toStore([met(ada, 'x')])[0]!, data: odd }]));
    const seen = await store.readStream(stream)();
    expect(E.isRight(seen) && seen.right[0]?.data).toEqual(odd);
  });

  it('ends a batch or a subscription with what does not open, and says why', async () => {
    const { plain, vault, store } = open();
    await right(store.append(stream, 'noStream', toStore([met(ada, 'Ada')])));
    const stored = await plain.readStream(stream)();
    const [first] = E.isRight(stored) ? stored.right : [];
    await right(plain.append(stream, 0, [{ ...toStore([met(ada, 'x'), met(ada, 'y')])[1]!, data: first!.data }]));
    const refused = E.left({
      _tag: 'StoreRefused',
      reason: 'invalid',
      problem: 'a personal field does not open: it was changed outside, or belongs to another event',
    });
    const away = E.left({ _tag: 'StoreUnavailable', cause: { _tag: 'VaultUnavailable', cause: 'away' } });
    const withoutVault = protectPersonalData({
      store: plain,
      cipher: {
        ...vault.reopen(),
        prepare: () => async () => E.left({ _tag: 'VaultUnavailable' as const, cause: 'away' }),
      },
      families: [family],
    });
    for (const [each, expected] of [
      [store, refused],
      [withoutVault, away],
    ] as const) {
      const seen: unknown[] = [];
      for await (const batch of each.readAll()) seen.push(batch);
      const { signal } = new AbortController();
      for await (const item of each.subscribe({ after: 'start', signal })) seen.push(item);
      expect(seen).toEqual([expected, expected]);
      expect(await each.readStream(stream)()).toEqual(expected);
    }
  });

  it('gives the answers of a store that fails as they are', async () => {
    const { plain, store } = open();
    await plain.close();
    const seen: unknown[] = [await store.readStream(stream)()];
    for await (const batch of store.readAll()) seen.push(batch);
    for await (const item of store.subscribe({ after: 'start', signal: new AbortController().signal })) seen.push(item);
    const closed = E.left({ _tag: 'StoreUnavailable', cause: 'the store is closed' });
    expect(seen).toEqual([closed, closed, closed]);
  });
});
