import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { count, instant, nullable } from '../values/index.ts';
import { defineEvent, type EventUndecodable, eventFamily, type StoredData } from './events.ts';
import { personal } from './personal.ts';

/** A price was stored in euros once, then in cents, and has had a date since. */
const Priced = defineEvent('Priced', t.strict({ cents: count, at: nullable(instant) }), [
  ({ euros }) => ({ cents: Number(euros) * 100 }),
  (data) => ({ ...data, at: null }),
]);
const Noted = defineEvent('Noted', t.strict({ by: personal(t.string), text: t.string }));
const family = eventFamily([Priced, Noted]);

const at = new Date('2026-01-28T09:00:00.000Z');

describe('an event', () => {
  it('is made by its definition, which knows its name, its newest version and what is personal', () => {
    expect(Priced({ cents: 3, at })).toEqual({ type: 'Priced', data: { cents: 3, at } });
    expect([Priced, Noted].map(({ type, schemaVersion }) => [type, schemaVersion])).toEqual([
      ['Priced', 3],
      ['Noted', 1],
    ]);
    expect([Priced, Noted].map(({ personalFields }) => personalFields)).toEqual([[], ['by']]);
    expect(family.types).toEqual(['Priced', 'Noted']);
    expect(family.definitions).toEqual([Priced, Noted]);
  });

  it('is stored in the newest version, as JSON and nothing that its codec does not name', () => {
    const event = Priced({ cents: 3, at, more: 1 } as Parameters<typeof Priced>[0]);
    expect(family.encode(event)).toEqual({
      type: 'Priced',
      schemaVersion: 3,
      data: { cents: 3, at: '2026-01-28T09:00:00.000Z' },
    });
  });

  it('of another family cannot be stored', () => {
    const foreign = { type: 'Sold', data: {} } as unknown as ReturnType<typeof Priced>;
    expect(() => family.encode(foreign)).toThrow('Not an event of this family: Sold');
  });
});

describe('what was stored', () => {
  it.each<[StoredData, object]>([
    [{ type: 'Priced', schemaVersion: 3, data: { cents: 3, at: at.toISOString() } }, Priced({ cents: 3, at })],
    // The common form of a date is read by a shorter way; this one is not.
    [
      { type: 'Priced', schemaVersion: 3, data: { cents: 3, at: '2026-01-31T09:00:00.000Z' } },
      Priced({ cents: 3, at: new Date('2026-01-31T09:00:00.000Z') }),
    ],
    [{ type: 'Priced', schemaVersion: 2, data: { cents: 3 } }, Priced({ cents: 3, at: null })],
    [{ type: 'Priced', schemaVersion: 1, data: { euros: 3 } }, Priced({ cents: 300, at: null })],
    [{ type: 'Noted', schemaVersion: 1, data: { by: 'Ada', text: 'x' } }, Noted({ by: 'Ada', text: 'x' })],
  ])('%j is read as the event of today', (stored, event) => expect(family.decode(stored)).toEqual(E.right(event)));

  it('is read whatever was read before it', () => {
    const priced: StoredData = { type: 'Priced', schemaVersion: 2, data: { cents: 3 } };
    const noted: StoredData = { type: 'Noted', schemaVersion: 1, data: { by: 'Ada', text: 'x' } };
    const sold: StoredData = { ...priced, type: 'Sold' };
    const read = [priced, priced, noted, sold, sold, priced, noted].map((stored) => family.decode(stored));
    expect(read.map((each) => (E.isRight(each) ? each.right.type : each.left.reason))).toEqual([
      'Priced',
      'Priced',
      'Noted',
      'unknown',
      'unknown',
      'Priced',
      'Noted',
    ]);
  });

  const undecodable: readonly (readonly [unknown, Pick<EventUndecodable, 'reason' | 'problems'>])[] = [
    [
      { type: 'Sold', schemaVersion: 1, data: {} },
      { reason: 'unknown', problems: ['unknown event type'] },
    ],
    [
      { type: 'Priced', schemaVersion: 4, data: {} },
      { reason: 'newer', problems: ['schemaVersion: expected at most 3'] },
    ],
    ...[0, -1, Number.NaN].map(
      (schemaVersion) =>
        [
          { type: 'Priced', schemaVersion, data: {} },
          { reason: 'broken', problems: ['schemaVersion: expected a whole number from 1 up'] },
        ] as const,
    ),
    ...[1, 3].flatMap((schemaVersion) =>
      [null, 'hunter2', 7].map(
        (data) =>
          [
            { type: 'Priced', schemaVersion, data },
            { reason: 'broken', problems: ['data: expected an object'] },
          ] as const,
      ),
    ),
    [
      { type: 'Priced', schemaVersion: 3, data: { cents: 'hunter2', at: 7 } },
      {
        reason: 'broken',
        problems: [
          'cents: expected a whole number from 0 up',
          'at: expected a UTC date-time such as 2026-01-01T09:00:00.000Z, or null',
        ],
      },
    ],
    [
      { type: 'Priced', schemaVersion: 1, data: { euros: 'hunter2' } },
      { reason: 'broken', problems: ['cents: expected a whole number from 0 up'] },
    ],
  ];
  it.each(undecodable)('%j is told by what is wrong with it, never by its data', (stored, told) => {
    const { type, schemaVersion } = stored as StoredData;
    expect(family.decode(stored as StoredData)).toEqual(
      E.left({ _tag: 'EventUndecodable', type, schemaVersion, ...told }),
    );
  });
});
