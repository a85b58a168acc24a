import type { Position } from '@mailroom/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Newest, positionOf, serverPositionOf } from './position.ts';

const half = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const position = fc.record({ commit: half, prepare: half });

describe('positions', () => {
  it('keep both halves', () => {
    fc.assert(
      fc.property(position, (server) => {
        expect(serverPositionOf(positionOf(server))).toEqual(server);
      }),
    );
  });

  it('compare as text as the server compares numbers: commit, then prepare', () => {
    const near = fc.record({ commit: fc.bigInt({ min: 0n, max: 12n }), prepare: fc.bigInt({ min: 0n, max: 12n }) });
    fc.assert(
      fc.property(fc.oneof(position, near), fc.oneof(position, near), (a, b) => {
        const isLess = a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare);
        expect(positionOf(a) < positionOf(b)).toBe(isLess);
      }),
    );
  });

  it.each(['', '1/1', 'start', '0'.repeat(20), `${'0'.repeat(20)}/${'0'.repeat(19)}x`])('%j is none', (text) => {
    expect(serverPositionOf(text as Position)).toBeUndefined();
  });

  it('are only ever remembered forwards', () => {
    const newest = new Newest();
    const [early, late] = [positionOf({ commit: 9n, prepare: 9n }), positionOf({ commit: 10n, prepare: 10n })];
    newest.note(late);
    newest.note(early);
    expect(newest.position).toBe(late);
  });
});
