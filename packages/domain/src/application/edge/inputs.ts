import * as t from 'io-ts';
import { between, MailboxId, Name, Port, Secret } from '../../values/index.ts';
import { brandedString } from '../../kernel/brand.ts';
import { checked } from '../../kernel/checked.ts';

/** A moment, as a `Date` or as the text that `toISOString` writes. */
export const moment: t.Type<Date, Date | string> = new t.Type(
  'a moment such as 2026-01-01T09:00:00Z',
  (input): input is Date => input instanceof Date && !Number.isNaN(input.getTime()),
  (input, context) => {
    const isText =
      typeof input === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(input);
    const date = isText ? new Date(input) : input;
    return date instanceof Date && !Number.isNaN(date.getTime()) ? t.success(date) : t.failure(input, context);
  },
  (date) => date,
);

/** A password or token: 1 to 1024 characters, of which none is NUL, CR or LF (they would end the line it is sent on). */
export const secretInput: t.Type<Secret, Secret | string> = new t.Type(
  'a password of 1 to 1024 characters on one line',
  (input): input is Secret => input instanceof Secret,
  (input, context) => {
    const text = input instanceof Secret ? input.reveal() : input;
    // The errors of io-ts hold the value they are about: this one must not get into one.
    if (typeof text !== 'string' || !isSecret(text)) return t.failure('***', context);
    return t.success(new Secret(text));
  },
  (secret) => secret,
);

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const isSecret = (text: string): boolean => text.length >= 1 && text.length <= 1024 && !/[\u0000\r\n]/.test(text);

/** The name of a profile: shorter than that of a mailbox (seed: text of at most 100). */
export const profileName: t.Type<Name, string> = checked(
  'one line of text, 1 to 100 characters',
  (input): input is Name => Name.is(input) && input.length <= 100,
);

/** Free text of at most 2000 characters. */
export const description = checked(
  'text of at most 2000 characters',
  (input): input is string => typeof input === 'string' && input.length <= 2000,
);

/** A number, or the word `automatic`. */
export const portInput = checked(
  `${Port.name}, or "automatic"`,
  (input): input is number | 'automatic' => input === 'automatic' || Port.is(input),
);

/** Text that is used as it is, such as a template; its own rules are the domain's. */
export const line = brandedString('Line', 'one line of text, 1 to 300 characters', (text) =>
  /^[^\r\n]{1,300}$/.test(text),
);

/** The id of a mailbox or profile. */
export const recordId = brandedString('RecordId', 'the id of a mailbox or profile', MailboxId.is);

/** True or false. */
export const yesOrNo = checked('true or false', (input): input is boolean => typeof input === 'boolean');

export const pollingMinutes = between(0, 1440);
export const connections = between(1, 300);
export const milliseconds = between(0, 100_000);

/** At least one and at most `most` different ones, in the order given; repeated ones are kept once. */
export const someOf = <A, O>(codec: t.Type<A, O>, most: number): t.Type<readonly A[], readonly O[]> => {
  const list = t.readonlyArray(codec, `a list of 1 to ${most}, each ${codec.name}`);
  return new t.Type(
    list.name,
    (input): input is readonly A[] => list.is(input) && input.length >= 1 && input.length <= most,
    (input, context) => {
      if (!Array.isArray(input) || input.length < 1 || input.length > most) return t.failure(input, context);
      return list.validate([...new Set(input as readonly unknown[])], context);
    },
    (values) => list.encode(values),
  );
};
