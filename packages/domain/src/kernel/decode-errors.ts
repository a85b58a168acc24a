import type { Errors } from 'io-ts';

/**
 * One line for each problem: where, and what was expected. The value that was found is never printed: what failed to
 * decode may be a password in the wrong field (the stock reporters of io-ts print it).
 */
export const describeErrors = (errors: Errors): readonly string[] => [
  ...new Set(
    errors.map(({ context, message }) => {
      if (message !== undefined) return message;
      const path = context
        .map(({ key }) => key)
        .filter((key) => key !== '')
        .join('.');
      return `${path === '' ? 'value' : path}: expected ${context.at(-1)?.type.name ?? 'another value'}`;
    }),
  ),
];
