import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { Position, Seal } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

const format = 'mailroom-anchor-1';

/**
 * A seal, signed. Kept where nobody who can write the store can write, it shows later whether the history up to it is
 * still the same. Whoever has the public key can check it; only the holder of the private key can make one.
 */
export interface Anchor {
  readonly format: typeof format;
  /** The kind of store: positions and hashes of one kind mean nothing to another. */
  readonly store: 'sqlite' | 'eventstoredb';
  readonly position: Position;
  /** SHA-256 over the history up to there, in hexadecimal. */
  readonly hash: string;
  readonly events: number;
  readonly takenAt: string;
  /** Ed25519, as base64 of its SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /** Ed25519 over the lines of all other fields, in this order, in base64. */
  readonly signature: string;
}

type Unsigned = Omit<Anchor, 'format' | 'publicKey' | 'signature'>;

const signedText = ({
  store,
  position,
  hash,
  events,
  takenAt,
  publicKey,
}: Omit<Anchor, 'format' | 'signature'>): Buffer =>
  Buffer.from([format, store, position, hash, String(events), takenAt, publicKey, ''].join('\n'), 'utf8');

const spkiOf = (key: KeyObject): string =>
  createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }))
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

/** A new key that signs anchors: PKCS #8 in PEM, to be kept by whoever vouches for the history. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Reads a private key in PEM; null: it is none, or no Ed25519 key. */
export const signingKeyOf = (pem: string): KeyObject | null => {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
};

/** The public key of a private or public key in PEM, as anchors name it; null: it is none of Ed25519. */
export const publicKeyOf = (pem: string): string | null => {
  try {
    // Of a private key this takes the public half.
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key.export({ type: 'spki', format: 'der' }).toString('base64') : null;
  } catch {
    return null;
  }
};

/** The public key in PEM, for a file of its own. */
export const publicKeyInPem = (publicKey: string): string =>
  createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

export const signAnchor = (what: Unsigned, key: KeyObject): Anchor => {
  const publicKey = spkiOf(key);
  const signature = sign(null, signedText({ ...what, publicKey }), key).toString('base64');
  return { format, ...what, publicKey, signature };
};

const fields: Readonly<Record<keyof Anchor, (value: unknown) => boolean>> = {
  format: (value) => value === format,
  store: (value) => value === 'sqlite' || value === 'eventstoredb',
  position: (value) => typeof value === 'string' && value !== '',
  hash: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  events: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  takenAt: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  publicKey: (value) => typeof value === 'string',
  signature: (value) => typeof value === 'string',
};

/** Reads what `audit anchor` printed. Says which field does not fit; looks at no signature. */
export const readAnchor = (text: string): E.Either<string, Anchor> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return E.left('expected JSON');
  }
  if (typeof json !== 'object' || json === null) return E.left('expected an object');
  const found = json as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(fields).find(([name, fits]) => !fits(found[name]));
  return wrong === undefined ? E.right(json as Anchor) : E.left(`${wrong[0]}: is not that of an anchor`);
};

/** Whether the anchor is what its key signed, and, where a key is expected, whether it is that key. */
export const checkSignature = (anchor: Anchor, expectedKey: string | null): 'valid' | 'forged' | 'otherKey' => {
  try {
    const key = createPublicKey({ key: Buffer.from(anchor.publicKey, 'base64'), type: 'spki', format: 'der' });
    const isSigned =
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, signedText(anchor), key, Buffer.from(anchor.signature, 'base64'));
    if (!isSigned) return 'forged';
  } catch {
    return 'forged';
  }
  return expectedKey === null || expectedKey === anchor.publicKey ? 'valid' : 'otherKey';
};

export const sealOf = ({ position, hash }: Anchor): Seal => ({ position, hash });
