import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { AddressDigest } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { keyBytes } from './aes.ts';

/** Organizations whose keys are kept; deriving one again costs microseconds. */
const keptKeys = 10_000;

/** HMAC-SHA-256 in hexadecimal, under a key for each organization that follows from the vault's root key (HKDF, RFC 5869). */
export const addressDigest = (root: Uint8Array): AddressDigest => {
  const keys = new Map<string, Buffer>();
  const keyOf = (organizationId: string): Buffer => {
    const known = keys.get(organizationId);
    if (known !== undefined) return known;
    // HKDF takes at most 1,024 bytes here; an organization's id may be longer.
    const info = createHash('sha256').update(`mailroom address digest ${organizationId}`, 'utf8').digest();
    const key = Buffer.from(hkdfSync('sha256', root, new Uint8Array(0), info, keyBytes));
    if (keys.size >= keptKeys) keys.clear();
    keys.set(organizationId, key);
    return key;
  };
  return {
    digest: (organizationId, text) => async () =>
      E.right(createHmac('sha256', keyOf(organizationId)).update(text, 'utf8').digest('hex')),
  };
};
