import type { Errors } from 'io-ts';
import { problemsOf } from '../../kernel/decode-errors.ts';
import { type Rejection, rejectionsOf, together } from '../../kernel/rejection.ts';

/** How input that is no command is turned down. */
export const reject = rejectionsOf({
  InvalidCommand: '{field}: expected {expected}.',
});

/** The input is no command: a field is missing, unknown or does not fit. Each finding names its field, never a value. */
export type InvalidCommand = Rejection<'InvalidCommand'>;

export const invalid = (field: string, expected: string): InvalidCommand =>
  reject.InvalidCommand({ field: field === '' ? 'command' : field, expected }, field === '' ? null : field);

/** All findings of a decoder as one rejection. */
export const invalidCommand = (errors: Errors): InvalidCommand => {
  const [first, ...others] = problemsOf(errors).map(({ path, expected }) => invalid(path, expected));
  return first === undefined ? invalid('', 'a command') : together([first, ...others]);
};
