import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NewEvent, StreamName } from '../../kernel/event-store.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { anEvent, bytesOf, eventOfBytes, idsOf, left, names, right, someEvents, type Subject } from './support.ts';

const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export const limitLaws = (subject: () => Subject): void => {
  const holdsNothing = async (stream: StreamName) =>
    expect(await right(subject().store.readStream(stream))).toEqual([]);
  const read = async (stream: StreamName) => await right(subject().store.readStream(stream));

  it('takes one event up to its limit and none beyond', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const max = Math.min(store.limits.maxEventBytes, store.limits.maxAppendBytes);
    const error = await left(store.append(stream(), 'noStream', [eventOfBytes(type(), max + 1)]));
    expect(error).toMatchObject({ _tag: 'TooLarge', max, actual: max + 1 });
    await holdsNothing(stream());

    const largest = eventOfBytes(type(), max);
    await right(store.append(stream(), 'noStream', [largest]));
    expect((await read(stream()))[0]?.data).toEqual(largest.data);
  });

  it('counts bytes of UTF-8, not characters', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const max = Math.min(store.limits.maxEventBytes, store.limits.maxAppendBytes);
    const event = anEvent(type(), { text: 'ü'.repeat(Math.floor(max / 2)) });
    expect(await left(store.append(stream(), 'noStream', [event]))).toMatchObject({
      _tag: 'TooLarge',
      actual: bytesOf(event),
    });
    await holdsNothing(stream());
  });

  it('takes an append up to its number of bytes and none beyond', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const { maxAppendBytes: max, maxEventBytes } = store.limits;
    const events: NewEvent[] = [];
    const half = Math.min(maxEventBytes, Math.floor(max / 2));
    for (let open = max; open > 0;) {
      // The last one must not get smaller than an empty event.
      const bytes = open <= maxEventBytes ? open : open - half < 1000 ? open - 1000 : half;
      events.push(eventOfBytes(type(), bytes));
      open -= bytes;
    }
    const beyond = [...events.slice(0, -1), eventOfBytes(type(), bytesOf(events.at(-1)!) + 1)];
    expect(await left(store.append(stream(), 'noStream', beyond))).toMatchObject({ _tag: 'TooLarge' });
    await holdsNothing(stream());
    expect(await right(store.append(stream(), 'noStream', events))).toMatchObject({ revision: events.length - 1 });
    expect(idsOf(await read(stream()))).toEqual(idsOf(events));
  });

  it('takes an append up to its number of events and none beyond', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const { maxAppendEvents, maxAppendBytes } = store.limits;
    const beyond = someEvents(maxAppendEvents + 1, type());
    expect(await left(store.append(stream(), 'noStream', beyond))).toMatchObject({ _tag: 'TooLarge' });
    await holdsNothing(stream());

    const most = Math.min(maxAppendEvents, Math.floor(maxAppendBytes / (bytesOf(beyond.at(-1)!) + 8)));
    const events = beyond.slice(0, most);
    expect(await right(store.append(stream(), 'noStream', events))).toMatchObject({ revision: most - 1 });
    expect(idsOf(await read(stream()))).toEqual(idsOf(events));
  }, 60_000);

  it('refuses a whole append when one of its events is too large', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const max = Math.min(store.limits.maxEventBytes, store.limits.maxAppendBytes);
    const events = [anEvent(type()), eventOfBytes(type(), max + 1), anEvent(type())];
    expect(await left(store.append(stream(), 'noStream', events))).toMatchObject({ _tag: 'TooLarge' });
    await holdsNothing(stream());
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each<readonly [string, (event: NewEvent) => readonly NewEvent[]]>([
    ['no events', () => []],
    ['an id that is no UUID', (event) => [event, { ...event, id: 'not-a-uuid' }]],
    ['an id in upper case', (event) => [event, { ...event, id: 'ABCDEF01-2345-4678-9ABC-DEF012345678' }]],
    ['a type without a name', (event) => [event, { ...event, type: '' }]],
    ['a number that JSON cannot hold', (event) => [event, { ...event, data: { n: 10n } as unknown as JsonObject }]],
    ['data that refers to itself', (event) => [event, { ...event, data: circular as JsonObject }]],
    ['data that is missing', (event) => [event, { ...event, data: undefined as unknown as JsonObject }]],
  ])('refuses %s, writes nothing, and goes on', async (_, eventsOf) => {
    const { store } = subject();
    const { stream, type } = names();
    const refused = await left(store.append(stream(), 'noStream', eventsOf(anEvent(type()))));
    expect(refused).toMatchObject({ _tag: 'StoreRefused', reason: 'invalid' });
    await holdsNothing(stream());
    await right(store.append(stream(), 'noStream', [anEvent(type())]));
  });

  it.each(['läufer-1', 'no space-a b', 'line-\n', '', 'noId', '-1', `x-${'y'.repeat(300)}`])(
    'refuses the stream name %j',
    async (name) => {
      const { store } = subject();
      const event = anEvent(names().type());
      expect(await left(store.append(name as StreamName, 'noStream', [event]))).toMatchObject({
        _tag: 'StoreRefused',
        reason: 'invalid',
      });
    },
  );

  it('gives back any JSON as it was, every character included', async () => {
    const { store } = subject();
    const { stream, type } = names();
    let number = 0;
    const key = fc.string({ unit: 'binary', maxLength: 10 }).filter((text) => text !== '__proto__');
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, true, false, '9007199254740993', '\u0000', '\u2028', 'Zoë 👩‍👩‍👧 ﷽', '\\"'),
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.maxSafeInteger(),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(key, tie('json'), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, json), async (generated) => {
        const data = asJson(generated) as JsonObject;
        const one = stream(`${number++}`);
        await right(store.append(one, 'noStream', [anEvent(type(), data)]));
        expect((await read(one))[0]?.data).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it('gives back metadata and schema version as they were, with a trace or without', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const plain = { ...anEvent(type()), schemaVersion: 7 };
    const traced = {
      ...plain,
      metadata: { ...plain.metadata, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    };
    await right(store.append(stream(), 'noStream', [plain, { ...traced, id: anEvent(type()).id }]));
    const recorded = await read(stream());
    expect(recorded.map(({ metadata }) => metadata)).toEqual([plain.metadata, traced.metadata]);
    expect(recorded.map(({ schemaVersion }) => schemaVersion)).toEqual([7, 7]);
  });

  it('says when an event was recorded: about now, and never earlier than the one before', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const before = Date.now();
    for (let n = 0; n < 5; n++) await right(store.append(stream(), n === 0 ? 'noStream' : n - 1, [anEvent(type())]));
    const times = (await read(stream())).map(({ recordedAt }) => recordedAt.getTime());
    // Another machine's clock may be a little off.
    for (const time of times) expect(Math.abs(time - before)).toBeLessThan(300_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const again = await store.readStream(stream(), { from: 0, to: 0 })();
    expect(E.isRight(again) && again.right[0]?.recordedAt.getTime()).toBe(times[0]);
  });
};
