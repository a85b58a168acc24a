import * as t from 'io-ts';

/** A codec of what is fine as it is: it accepts exactly what `is` accepts, and neither reading nor writing changes it. */
export const checked = <A>(name: string, is: (input: unknown) => input is A): t.Type<A> =>
  new t.Type<A>(name, is, (input, context) => (is(input) ? t.success(input) : t.failure(input, context)), t.identity);
