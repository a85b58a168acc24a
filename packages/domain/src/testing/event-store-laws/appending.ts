import { expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import type { AppendError, ExpectedRevision, NewEvent } from '../../kernel/event-store.ts';
import { anEvent, idsOf, left, names, right, someEvents, type Subject } from './support.ts';

export const appendingLaws = (subject: () => Subject): void => {
  const read = async (stream: ReturnType<ReturnType<typeof names>['stream']>) =>
    await right(subject().store.readStream(stream));

  it('writes the first events of a stream from revision 0, and reads them back as they were', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const events = someEvents(3, type());
    const appended = await right(store.append(stream(), 'noStream', events));
    expect(appended).toMatchObject({ revision: 2, repeated: false });

    const recorded = await read(stream());
    expect(recorded).toMatchObject(events.map((event, revision) => ({ ...event, stream: stream(), revision })));
    expect(recorded.at(-1)?.position).toBe(appended.position);
  });

  it('continues at the exact revision', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const [first, second, third] = [someEvents(2, type()), someEvents(1, type()), someEvents(3, type())];
    await right(store.append(stream(), 'noStream', first));
    expect(await right(store.append(stream(), 1, second))).toMatchObject({ revision: 2, repeated: false });
    expect(await right(store.append(stream(), 2, third))).toMatchObject({ revision: 5, repeated: false });
    expect(idsOf(await read(stream()))).toEqual(idsOf([...first, ...second, ...third]));
  });

  it('keeps streams apart, also when their names look like patterns or differ in case', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const all = ['a', 'A', '%', '_', "'", '"', '*', '?', '/', '\\', '..', '#', '$', '@', 'a-b', 'a%', 'x'.repeat(200)];
    for (const name of all) await right(store.append(stream(name), 'noStream', [anEvent(type(), { name })]));
    for (const name of all) expect((await read(stream(name))).map(({ data }) => data)).toEqual([{ name }]);
  });

  it.each<readonly [string, number, ExpectedRevision]>([
    ['no stream, but there is one', 2, 'noStream'],
    ['a revision that has passed', 3, 0],
    ['a revision that has not come', 2, 7],
    ['a revision of a stream that does not exist', 0, 0],
  ])('refuses an append that expects %s, says what it found, and writes nothing', async (_, existing, expected) => {
    const { store } = subject();
    const { stream, type } = names();
    const events = someEvents(existing, type());
    if (existing > 0) await right(store.append(stream(), 'noStream', events));
    const error = await left(store.append(stream(), expected, someEvents(2, type())));
    expect(error).toMatchObject({ _tag: 'WrongExpectedRevision', stream: stream(), expected });
    if (error._tag === 'WrongExpectedRevision') {
      expect([existing === 0 ? 'noStream' : existing - 1, 'unknown']).toContain(error.actual);
    }
    expect(idsOf(await read(stream()))).toEqual(idsOf(events));
  });

  it('recognises a repeat of the same ids at the same revision, at once and after later events', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const [first, second, third] = [someEvents(2, type()), someEvents(3, type()), someEvents(1, type())];
    const atFirst = await right(store.append(stream(), 'noStream', first));
    expect(await right(store.append(stream(), 'noStream', first))).toMatchObject({ revision: 1, repeated: true });
    await right(store.append(stream(), 1, second));
    await right(store.append(stream(), 4, third));

    const again = await right(store.append(stream(), 'noStream', first));
    expect(again).toMatchObject({ revision: 1, repeated: true, position: atFirst.position });
    expect(await right(store.append(stream(), 1, second))).toMatchObject({ revision: 4, repeated: true });
    expect(idsOf(await read(stream()))).toEqual(idsOf([...first, ...second, ...third]));
  });

  it('does not take a partial overlap for a repeat', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const [a, b, c] = [anEvent(type()), anEvent(type()), anEvent(type())] as const;
    await right(store.append(stream(), 'noStream', [a, b]));
    const attempts: readonly (readonly [ExpectedRevision, readonly NewEvent[]])[] = [
      ['noStream', [a, b, c]],
      ['noStream', [a, c]],
      ['noStream', [b]],
      ['noStream', [b, a]],
      [0, [a]],
      [0, [b, c]],
    ];
    for (const [expected, events] of attempts) {
      expect(await left(store.append(stream(), expected, events))).toMatchObject({ _tag: 'WrongExpectedRevision' });
    }
    expect(idsOf(await read(stream()))).toEqual(idsOf([a, b]));
  });

  it('lets one of 64 writers win, and tells the others that they lost', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const writers = someEvents(64, type());
    const results = await Promise.all(writers.map((event) => store.append(stream(), 'noStream', [event])()));
    const winners = writers.filter((_, index) => E.isRight(results[index]!));
    expect(winners).toHaveLength(1);
    const losers = results.flatMap((result) => (E.isLeft(result) ? [result.left._tag] : []));
    expect(losers).toEqual(Array.from({ length: 63 }, (): AppendError['_tag'] => 'WrongExpectedRevision'));
    expect(idsOf(await read(stream()))).toEqual(idsOf(winners));
  });

  it('loses and doubles nothing of 64 writers who look again after each conflict', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const writers = Array.from({ length: 64 }, () => someEvents(2, type()));
    await Promise.all(
      writers.map(async (events) => {
        let expected: ExpectedRevision = 'noStream';
        for (;;) {
          const result = await store.append(stream(), expected, events)();
          if (E.isRight(result)) return;
          expect(result.left._tag).toBe('WrongExpectedRevision');
          expected = (await read(stream())).at(-1)?.revision ?? 'noStream';
        }
      }),
    );
    const recorded = await read(stream());
    expect(recorded.map(({ revision }) => revision)).toEqual(Array.from({ length: 128 }, (_, index) => index));
    // Each pair lies together: an append is one whole.
    const pairs = recorded.flatMap(({ id }, index) =>
      index % 2 === 0 ? [`${id} ${recorded[index + 1]?.id ?? ''}`] : [],
    );
    expect(new Set(pairs)).toEqual(new Set(writers.map((events) => idsOf(events).join(' '))));
  }, 120_000);

  it('takes 64 writers of different streams at once', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const results = await Promise.all(
      Array.from({ length: 64 }, (_, n) => right(store.append(stream(`${n}`), 'noStream', someEvents(3, type())))),
    );
    expect(new Set(results.map(({ position }) => position)).size).toBe(64);
    for (const n of results.keys()) expect(await read(stream(`${n}`))).toHaveLength(3);
  });

  it('writes an append once, however many repeats of it come at the same time', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const events = someEvents(2, type());
    const results = await Promise.all(Array.from({ length: 8 }, () => store.append(stream(), 'noStream', events)()));
    // A store may not know the outcome of a repeat while the first is under way; it never calls it a conflict.
    for (const result of results)
      expect(E.isRight(result) ? 'written' : result.left._tag).toMatch(/written|OutcomeUnknown/);
    expect(results.filter((result) => E.isRight(result) && !result.right.repeated).length).toBeLessThanOrEqual(1);
    expect(await right(store.append(stream(), 'noStream', events))).toMatchObject({ revision: 1, repeated: true });
    expect(idsOf(await read(stream()))).toEqual(idsOf(events));
  });

  it('decides appends of one caller in the order in which they were made', async () => {
    const { store } = subject();
    const { stream, type } = names();
    const events = someEvents(32, type());
    const results = await Promise.all(
      events.map((event, n) => store.append(stream(), n === 0 ? 'noStream' : n - 1, [event])()),
    );
    // Whatever was written is a run from the start; what came too early was refused, not lost.
    const written = results.filter(E.isRight).length;
    expect(written).toBeGreaterThanOrEqual(1);
    expect(idsOf(await read(stream()))).toEqual(idsOf(events.slice(0, written)));
  });
};
