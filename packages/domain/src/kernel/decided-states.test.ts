import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidedStates } from './decided-states.ts';

const owner = {};
const decided = (revision: number, commands = 0) => ({
  owner,
  state: revision,
  revision,
  commands: new Map(Array.from({ length: commands }, (_, n) => [`command ${n}`, n])),
});

describe('decidedStates', () => {
  it('never gives anything but what was put last, and never keeps more than it may', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())), (steps) => {
        const states = decidedStates(4);
        const truth = new Map<string, number>();
        for (const [index, [name, isPut]] of steps.entries()) {
          const stream = `stream ${name}`;
          if (isPut) {
            states.put(stream, decided(index), states.era());
            truth.set(stream, index);
          } else {
            const kept = states.get(owner, stream);
            if (kept !== undefined) expect(kept.state).toBe(truth.get(stream));
          }
          const all = [...truth.keys()].filter((each) => states.get(owner, each) !== undefined);
          expect(all.length).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it('keeps what is in use and drops what is not', () => {
    const states = decidedStates(3);
    for (const name of ['a', 'b', 'c']) states.put(name, decided(1), 0);
    states.get(owner, 'a');
    states.put('d', decided(1), 0);
    expect(['a', 'b', 'd'].map((name) => states.get(owner, name) !== undefined)).toEqual([true, false, true]);
  });

  it('counts a stream that remembers many commands as several', () => {
    const states = decidedStates(4);
    states.put('a', decided(1), 0);
    states.put('long', decided(1, 64 * 4), 0);
    expect(states.get(owner, 'a')).toBeUndefined();
  });

  it('weighs a stream by the commands it remembers: one for the stream, one more for each 64 of them', () => {
    const kept = (commands: number): readonly boolean[] => {
      const states = decidedStates(4);
      for (const name of ['a', 'b', 'c']) states.put(name, decided(1), 0);
      states.put('long', decided(1, commands), 0);
      return ['a', 'b', 'c', 'long'].map((name) => states.get(owner, name) !== undefined);
    };
    expect(kept(63)).toEqual([true, true, true, true]);
    expect(kept(64)).toEqual([false, true, true, true]);
    expect(kept(127)).toEqual([false, true, true, true]);
    expect(kept(128)).toEqual([false, false, true, true]);
  });

  it('has as much room as before for what was forgotten, replaced, or put anew after everything was', () => {
    const all = ['a', 'b', 'c', 'd'];
    const states = decidedStates(4);
    const fill = () => {
      for (const name of all) states.put(name, decided(1), states.era());
      return all.map((name) => states.get(owner, name) !== undefined);
    };
    const everything = [true, true, true, true];
    expect(fill()).toEqual(everything);
    states.forget('a');
    states.forget('nobody');
    expect(fill()).toEqual(everything);
    states.put('a', decided(1, 64 * 3), states.era());
    states.put('a', decided(2), states.era());
    states.forgetAll();
    expect(all.map((name) => states.get(owner, name))).toEqual([undefined, undefined, undefined, undefined]);
    expect(fill()).toEqual(everything);
    states.put('a', decided(3), states.era() - 1);
    expect(states.get(owner, 'a')).toBeUndefined();
    expect(fill()).toEqual(everything);
  });

  it('makes room for a stream that has grown, and needs less for one that has shrunk', () => {
    const states = decidedStates(4);
    for (const name of ['a', 'b', 'c']) states.put(name, decided(1), 0);
    states.put('c', decided(2, 64), 0);
    expect(['a', 'b', 'c'].map((name) => states.get(owner, name)?.revision)).toEqual([1, 1, 2]);
    states.put('c', decided(3), 0);
    states.put('d', decided(1), 0);
    expect(['a', 'b', 'c', 'd'].map((name) => states.get(owner, name)?.revision)).toEqual([1, 1, 3, 1]);
  });

  it('keeps nothing where there is room for nothing', () => {
    const states = decidedStates(0);
    states.put('a', decided(1), 0);
    expect(states.get(owner, 'a')).toBeUndefined();
  });

  it('does not give a state to somebody who did not make it', () => {
    const states = decidedStates(4);
    states.put('a', decided(1), 0);
    expect(states.get({}, 'a')).toBeUndefined();
  });

  it('does not take in what was made before everything was to be forgotten', () => {
    const states = decidedStates(4);
    const era = states.era();
    states.put('a', decided(1), era);
    states.forgetAll();
    states.put('a', decided(2), era);
    expect(states.get(owner, 'a')).toBeUndefined();
  });
});
