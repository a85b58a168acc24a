import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Bytes of every key here: AES-256. */
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A new random key. */
export const newKey = (): Buffer => randomBytes(keyBytes);

/** AES-256-GCM with a random nonce: nonce, tag, cipher text. `context` is bound in and has to be given again to open. */
export const seal = (key: Uint8Array, context: string, clear: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
};

/** The clear bytes. Throws when the key or the context is another one, or a single bit has changed. */
export const open = (key: Uint8Array, context: string, sealed: Uint8Array): Buffer => {
  if (sealed.length < nonceBytes + tagBytes) throw new Error('too short to be sealed text');
  // The tag's length is fixed: a shortened tag would be easier to forge.
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
};
