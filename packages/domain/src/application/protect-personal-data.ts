import * as E from 'fp-ts/lib/Either.js';
import type { EventFamily, DomainEvent } from '../kernel/events.ts';
import type { EventStore, NewEvent, RecordedEvent, StoreError } from '../kernel/event-store.ts';
import { hasSomethingToOpen, hasSomethingToSeal, openFields, personOf, sealFields } from './personal-fields.ts';
import type { PersonalCipher } from './ports/index.ts';

/** The store to protect, the cipher to do it with, and the events whose fields are personal. */
export interface ProtectPersonalDataOptions {
  readonly store: EventStore;
  readonly cipher: PersonalCipher;
  /** All families that are written or read through this store: they say which fields are personal. */
  readonly families: readonly Pick<EventFamily<DomainEvent>, 'definitions'>[];
}

/**
 * The same store, with personal data sealed on the way in and opened on the way out: in the store a personal field is
 * `{ "sealed": "..." }` under the key of the person, bound to its event and field. When the key is gone it reads as
 * `[erased]`. Keys are fetched for a whole batch at once; events without personal fields pass untouched.
 *
 * A vault that is away is reported as `StoreUnavailable`, a sealed text that was tampered with as `StoreRefused`.
 */
export const protectPersonalData = ({ store, cipher, families }: ProtectPersonalDataOptions): EventStore => {
  const fieldsOf = new Map<string, readonly string[]>();
  for (const { definitions } of families) {
    for (const { type, personalFields } of definitions) {
      if (personalFields.length > 0) fieldsOf.set(type, personalFields);
    }
  }

  const prepare = async (
    events: readonly NewEvent[],
    missing: 'create' | 'leave',
  ): Promise<E.Either<StoreError, void>> => {
    const persons = [...new Set(events.map(personOf))];
    if (persons.every(cipher.isPrepared)) return E.right(undefined);
    // All of them: while some are fetched, the cipher may let go of others.
    const prepared = await cipher.prepare(persons, missing)();
    return E.isLeft(prepared) ? E.left({ _tag: 'StoreUnavailable', cause: prepared.left }) : prepared;
  };

  const seal = async (events: readonly NewEvent[]): Promise<E.Either<StoreError, readonly NewEvent[]>> => {
    const personal = new Set(events.filter((event) => hasSomethingToSeal(event, fieldsOf.get(event.type) ?? [])));
    if (personal.size === 0) return E.right(events);
    const prepared = await prepare([...personal], 'create');
    if (E.isLeft(prepared)) return prepared;
    return E.right(
      events.map((event) => (personal.has(event) ? sealFields(event, fieldsOf.get(event.type) ?? [], cipher) : event)),
    );
  };

  const open = async <Events extends readonly RecordedEvent[]>(
    events: Events,
  ): Promise<E.Either<StoreError, Events>> => {
    const personal = new Set(events.filter((event) => fieldsOf.has(event.type) && hasSomethingToOpen(event)));
    if (personal.size === 0) return E.right(events);
    const prepared = await prepare([...personal], 'leave');
    if (E.isLeft(prepared)) return prepared;
    try {
      // Opening maps event to event: as many come out as went in.
      return E.right(
        events.map((event) => (personal.has(event) ? openFields(event, cipher) : event)) as unknown as Events,
      );
    } catch {
      const problem = 'a personal field does not open: it was changed outside, or belongs to another event';
      return E.left({ _tag: 'StoreRefused', reason: 'invalid', problem });
    }
  };

  return {
    ...store,

    append: (stream, expected, events) => async () => {
      const ready = await seal(events);
      return E.isLeft(ready) ? ready : await store.append(stream, expected, ready.right)();
    },

    readStream: (stream, options) => async () => {
      const read = await store.readStream(stream, options)();
      return E.isLeft(read) ? read : await open(read.right);
    },

    readAll: async function* (options) {
      for await (const batch of store.readAll(options)) {
        const opened = E.isLeft(batch) ? batch : await open(batch.right);
        yield opened;
        if (E.isLeft(opened)) return;
      }
    },

    subscribe: async function* (options) {
      for await (const item of store.subscribe(options)) {
        if (E.isLeft(item) || item.right._tag !== 'Events') {
          yield item;
          continue;
        }
        const opened = await open(item.right.events);
        yield E.isLeft(opened) ? opened : E.right({ _tag: 'Events', events: opened.right });
        if (E.isLeft(opened)) return;
      }
    },
  };
};
