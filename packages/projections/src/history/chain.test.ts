import type { Position, RecordedEvent, Seal } from '@mailroom/domain';
import { StreamName } from '@mailroom/domain';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import { chained, chainedTypes, chainOf, noHash } from './chain.ts';
import { type ChainRow, chainView, sealsIn } from './chain-view.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const positionAt = (n: number): Position => String(n).padStart(8, '0') as Position;

/** A history of several streams; positions have gaps, as those of a server do. */
const history = fc
  .array(
    fc.record({
      stream: fc.nat(3),
      type: fc.constantFrom(...chainedTypes),
      gap: fc.integer({ min: 1, max: 9 }),
      data: fc.jsonValue(),
    }),
    {
      minLength: 2,
      maxLength: 40,
    },
  )
  .map((steps) => {
    const revisions = new Map<number, number>();
    let place = 0;
    return steps.map(({ stream, type, gap, data }, n): RecordedEvent => {
      const revision = (revisions.get(stream) ?? -1) + 1;
      revisions.set(stream, revision);
      place += gap;
      return {
        id: uuid(n),
        type,
        schemaVersion: 1,
        data: { value: JSON.parse(JSON.stringify(data)) as never },
        metadata: {
          commandId: uuid(n),
          correlationId: uuid(n),
          causationId: uuid(n),
          actorId: 'ada',
          actorKind: 'person',
          organizationId: 'org-1',
          command: 'Anything',
        },
        stream: StreamName.orThrow(`mailbox-${stream}`),
        revision,
        position: positionAt(place),
        recordedAt: new Date(Date.UTC(2026, 0, 1) + n),
      };
    });
  });

const of = (events: readonly RecordedEvent[]) =>
  chainOf({
    readAll: async function* ({ after, upTo } = {}) {
      const found = events.filter(
        ({ position }) => (after === undefined || position > after) && (upTo === undefined || position <= upTo),
      );
      for (let at = 0; at < found.length; at += 7) yield E.right(found.slice(at, at + 7));
    },
  });
const sealOf = async (events: readonly RecordedEvent[]): Promise<Seal> => {
  const verified = await of(events).verify()();
  if (E.isLeft(verified) || verified.right.seal === null) throw new Error('nothing to seal');
  return verified.right.seal;
};

test('a history that only grew passes with every seal of it, whole or from a seal on', () =>
  fc.assert(
    fc.asyncProperty(history, fc.nat(), async (events, cut) => {
      const some = events.slice(0, 1 + (cut % events.length));
      const seals = [await sealOf(some), await sealOf(events)];
      expect(await of(events).verify({ known: seals })()).toEqual(E.right({ events: events.length, seal: seals[1] }));
      const [first] = seals;
      if (first === undefined) throw new Error('no seal');
      const rest = await of(events).verify({ after: first, known: seals })();
      expect(rest).toEqual(E.right({ events: events.length - some.length, seal: seals[1] }));
    }),
  ));

type Change = (events: readonly RecordedEvent[], at: number) => readonly RecordedEvent[];
const edit =
  (change: (event: RecordedEvent) => Partial<RecordedEvent>): Change =>
  (events, at) =>
    events.map((event, n) => (n === at ? { ...event, ...change(event) } : event));

const changes: Readonly<Record<string, Change>> = {
  'what an event says': edit(() => ({ data: { value: 'something else entirely' } })),
  'who did it': edit(({ metadata }) => ({ metadata: { ...metadata, actorId: 'nobody' } })),
  'when it was': edit(({ recordedAt }) => ({ recordedAt: new Date(recordedAt.getTime() + 1) })),
  'its id': edit(() => ({ id: uuid(999) })),
  'its stream': edit(() => ({ stream: StreamName.orThrow('mailbox-elsewhere') })),
  'its place': edit(({ position }) => ({ position: `${position}1` as Position })),
  'an event, by removing it': (events, at) => events.filter((_, n) => n !== at),
  'the end, by cutting it off': (events, at) => events.slice(0, at),
  // Not behind the last one: there it would be no more than an append.
  'an event, by putting one in': (events, at) =>
    events.flatMap((event, n) =>
      n === at % (events.length - 1)
        ? [event, { ...event, id: uuid(998), revision: event.revision + 1, position: `${event.position}5` as Position }]
        : [event],
    ),
};

test.each(Object.keys(changes))('with a seal it shows that somebody changed %s', (what) =>
  fc.assert(
    fc.asyncProperty(history, fc.nat(), async (events, place) => {
      const change = changes[what];
      if (change === undefined) throw new Error('no such change');
      const tampered = change(events, place % events.length);
      const verified = await of(tampered).verify({ known: [await sealOf(events)] })();
      expect(verified).toMatchObject({ _tag: 'Left', left: { _tag: 'HistoryDamaged' } });
    }),
  ),
);

test('the view vouches for what the chain computes, with a bounded number of seals', () =>
  fc.assert(
    fc.asyncProperty(history, async (events) => {
      const many = Array.from({ length: 300 }, (_, turn) =>
        events.map((event) => ({ ...event, position: positionAt(1_000 * turn + Number(event.position)) })),
      ).flat();
      let row: ChainRow | undefined;
      for (const event of many) row = chainView.evolve(row, event, 'chain', event);
      if (row === undefined) throw new Error('nothing was chained');
      let hash = noHash;
      const hashes = new Map(many.map((event) => [event.position, (hash = chained(hash, event))]));
      const seals = sealsIn(row);
      expect(seals.length).toBeLessThanOrEqual(129);
      expect(seals.length).toBeGreaterThan(1);
      for (const seal of seals) expect(seal.hash).toBe(hashes.get(seal.position));
      expect(seals.at(-1)).toEqual({ position: many.at(-1)?.position, hash });
      expect(row.events).toBe(many.length);
    }),
    { numRuns: 5 },
  ));
