/**
 * How often a random test repeats itself: `small` in `npm test`, `ci` in `.ci/run` (MAILROOM_SIZE=ci), `full` in the
 * script that is made for it (`npm run test:crash`, ...). MAILROOM_RUNS gives a number of its own.
 */
export const runsOf = (sizes: { readonly small: number; readonly ci: number; readonly full: number }): number => {
  const asked = Number(process.env['MAILROOM_RUNS']);
  if (Number.isInteger(asked) && asked > 0) return asked;
  const size = process.env['MAILROOM_SIZE'];
  return size === 'full' ? sizes.full : size === 'ci' ? sizes.ci : sizes.small;
};

/** The programs of this machine that a test run must find (MAILROOM_REQUIRE=dovecot,postfix,postgresql). */
export const isRequired = (program: string): boolean =>
  (process.env['MAILROOM_REQUIRE'] ?? '').split(',').includes(program);
