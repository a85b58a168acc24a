import type { Position } from '@mailroom/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Anchor,
  checkSignature,
  newSigningKey,
  publicKeyInPem,
  publicKeyOf,
  readAnchor,
  signAnchor,
  signingKeyOf,
} from './anchor.ts';

const keyOf = (pem: string) => {
  const key = signingKeyOf(pem);
  if (key === null) throw new Error('no key');
  return key;
};
const pem = newSigningKey();
const publicKey = publicKeyOf(pem);

const anything = fc.record({
  store: fc.constantFrom('sqlite' as const, 'eventstoredb' as const),
  position: fc.stringMatching(/^[0-9]{1,16}$/).map((text) => text as Position),
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
  events: fc.integer({ min: 1 }),
  takenAt: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
    .map((date) => date.toISOString()),
});

test('what was signed is read back and is valid, by the public key alone', () => {
  fc.assert(
    fc.property(anything, (what) => {
      const anchor = signAnchor(what, keyOf(pem));
      const read = readAnchor(JSON.stringify(anchor));
      expect(read).toEqual({ _tag: 'Right', right: anchor });
      expect(checkSignature(anchor, publicKey)).toBe('valid');
      expect(checkSignature(anchor, null)).toBe('valid');
    }),
  );
});

test('a change of any field shows, also one made with another key', () => {
  const other = newSigningKey();
  fc.assert(
    fc.property(anything, anything, (what, changes) => {
      const anchor = signAnchor(what, keyOf(pem));
      for (const field of ['store', 'position', 'hash', 'events', 'takenAt'] as const) {
        const changed: Anchor = { ...anchor, [field]: changes[field] };
        if (changed[field] !== anchor[field]) expect(checkSignature(changed, null)).toBe('forged');
      }
      expect(checkSignature({ ...anchor, publicKey: publicKeyOf(other) ?? '' }, null)).toBe('forged');
      const forged = signAnchor(changes, keyOf(other));
      expect(checkSignature(forged, null)).toBe('valid');
      expect(checkSignature(forged, publicKey)).toBe('otherKey');
    }),
  );
});

test('a file that is no anchor is told by its first wrong field', () => {
  const anchor = signAnchor(
    {
      store: 'sqlite',
      position: '1' as Position,
      hash: 'a'.repeat(64),
      events: 1,
      takenAt: '2026-01-01T00:00:00.000Z',
    },
    keyOf(pem),
  );
  expect(readAnchor('{')).toMatchObject({ left: 'expected JSON' });
  for (const field of Object.keys(anchor)) {
    const { [field as keyof Anchor]: _gone, ...rest } = anchor;
    expect(readAnchor(JSON.stringify(rest))).toMatchObject({ left: expect.stringContaining(field) as string });
  }
});

test('only an Ed25519 key signs, and its public half can be kept in a file of its own', () => {
  expect(signingKeyOf('no key')).toBeNull();
  expect(signingKeyOf(publicKeyInPem(publicKey ?? ''))).toBeNull();
  expect(publicKeyOf('no key')).toBeNull();
  expect(publicKeyOf(publicKeyInPem(publicKey ?? ''))).toBe(publicKey);
});
