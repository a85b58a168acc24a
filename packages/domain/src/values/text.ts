import { type Branded, brandedString } from '../kernel/brand.ts';
import { type JsonSchema, withJsonSchema } from '../kernel/json-schema.ts';

const oneLine = (text: string, max: number): boolean =>
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  text.trim() !== '' && text.length <= max && !/[\u0000-\u001f\u007f]/.test(text);

const lineOf = (maxLength: number) => (): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
});

/** The name of a profile or a mailbox (seed: Name). */
export const Name = withJsonSchema(
  brandedString('Name', 'one line of text, 1 to 200 characters', (text) => oneLine(text, 200)),
  lineOf(200),
);
export type Name = Branded<'Name'>;

/** A user name at a mail server. Any text without control characters: they could smuggle a second command. */
export const UserName = withJsonSchema(
  brandedString('UserName', 'a user name of 1 to 250 characters without control characters', (text) =>
    oneLine(text, 250),
  ),
  lineOf(250),
);
export type UserName = Branded<'UserName'>;

/** Text of a mail server: capped, stripped of control characters, redacted by the adapter that read it. */
export const ServerText = withJsonSchema(
  brandedString('ServerText', 'at most 300 characters on one line', (text) => oneLine(text, 300)),
  lineOf(300),
);
export type ServerText = Branded<'ServerText'>;
