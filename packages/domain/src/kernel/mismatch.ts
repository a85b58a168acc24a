/** What a fast decoder answers when it cannot say: the codec itself decides then, and makes the errors. */
export const mismatch: unique symbol = Symbol('mismatch');

/**
 * Decodes what is certain. A result other than `mismatch` is what the codec's own `decode` would give; `mismatch` says
 * nothing at all.
 */
export type FastDecoder = (input: unknown) => unknown;

/** A check that can be written out where it is needed: it says whether a value is fine as it is. */
export interface WrittenCheck {
  /** An expression; `value` is the text of the value, `helper` the name by which it may call the helper. */
  readonly text: (value: string, helper: string) => string;
  /** Called from one place with one function, so that the engine can put its code there. */
  readonly helper?: (value: never) => boolean;
}
