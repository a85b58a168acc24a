import { createHash, hash } from 'node:crypto';

/** The stored texts of one event, and the name that its type number stands for. */
export interface ChainLink {
  readonly head: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** What goes into the hash. JSON has no line breaks and type names no control characters: no two events look alike. */
export const linkText = ({ head, type, data, metadata }: ChainLink): string =>
  `${head}\n${type}\n${data}\n${metadata}\n`;

/** Texts of so many characters are hashed at once; a character takes three bytes at most. */
const shortText = 10_000;
const scratch = Buffer.allocUnsafe(32 + 3 * shortText);

/** SHA-256 over the hash of the commit before and the text of every event of this commit, in order. */
export const chainHash = (previous: Uint8Array, text: string): Uint8Array => {
  if (text.length > shortText) return createHash('sha256').update(previous).update(text).digest();
  // A commit of one event: the object that takes several updates would cost more than the hash.
  scratch.set(previous);
  return hash('sha256', scratch.subarray(0, 32 + scratch.write(text, 32)), 'buffer');
};
