import { createHash } from 'node:crypto';

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

/** SHA-256 over the hash of the commit before and the text of every event of this commit, in order. */
export const chainHash = (previous: Uint8Array, text: string): Uint8Array =>
  createHash('sha256').update(previous).update(text).digest();
