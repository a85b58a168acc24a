import * as t from 'io-ts';
import { count } from './wire.ts';

/** Where the vault keeps a secret. Events and views hold this, never the secret. Versions count up from 1 per field. */
export const SecretRef = t.strict({ id: t.string, version: count }, 'SecretRef');
export type SecretRef = t.TypeOf<typeof SecretRef>;

/** A password or token in memory. It does not show itself: not in a template, not in JSON, not in a log or an inspector. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The value itself. Call it as late as possible, and never hand the result to anything that prints. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}
