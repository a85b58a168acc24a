import type { Errors } from 'io-ts';
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
  const byPlace = new Map<string, InvalidCommand>();
  for (const { context } of errors) {
    const field = context
      .map(({ key }) => key)
      .filter((key) => key !== '')
      .join('.');
    const expected = context.at(-1)?.type.name ?? 'another value';
    byPlace.set(`${field}\n${expected}`, invalid(field, expected));
  }
  const [first, ...others] = byPlace.values();
  return first === undefined ? invalid('', 'a command') : together([first, ...others]);
};
