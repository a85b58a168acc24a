/** What a fast decoder answers when it cannot say: the codec itself decides then, and makes the errors. */
export const mismatch: unique symbol = Symbol('mismatch');

/**
 * Decodes what is certain. A result other than `mismatch` is what the codec's own `decode` would give; `mismatch` says
 * nothing at all.
 */
export type FastDecoder = (input: unknown) => unknown;

/** The text of an expression that says whether a value is fine as it is; `value` is the text of the value. */
export type WrittenCheck = (value: string) => string;
