import type { Errors } from 'io-ts';

/** Where a value does not fit, and what was expected there. */
export interface Problem {
  /** The names of the fields that lead there, with dots between them; empty: the value itself. */
  readonly path: string;
  readonly expected: string;
}

/**
 * Each problem once, in the order in which they were found. The value that was found is never told: what failed to
 * decode may be a password in the wrong field (the stock reporters of io-ts print it).
 */
export const problemsOf = (errors: Errors): readonly Problem[] => {
  const found = new Map<string, Problem>();
  for (const { context } of errors) {
    const path = context
      .map(({ key }) => key)
      .filter((key) => key !== '')
      .join('.');
    const expected = context.at(-1)?.type.name ?? 'another value';
    found.set(`${path}: ${expected}`, { path, expected });
  }
  return [...found.values()];
};

/** One line for each problem. */
export const describeErrors = (errors: Errors): readonly string[] =>
  problemsOf(errors).map(({ path, expected }) => `${path === '' ? 'value' : path}: expected ${expected}`);
