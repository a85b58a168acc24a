import { type Branded, brandedString } from '../kernel/brand.ts';
import { withJsonSchema } from '../kernel/json-schema.ts';

const [dot, at, hyphen]: readonly [number, number, number] = [46, 64, 45];

/** 1 for the codes of letters, digits, underscores and plus signs. Every code has its place. */
const isOrdinary = new Uint8Array(65_536);
for (let code = 0; code < 128; code++) isOrdinary[code] = /[A-Za-z0-9_+]/.test(String.fromCharCode(code)) ? 1 : 0;

/** Letters, digits, dots, hyphens, underscores and plus signs around one @: nearly every address, checked in one pass. */
const isCommonAddress = (text: string): boolean => {
  const { length } = text;
  if (length > 254) return false;
  let atPlace = -1;
  for (let place = 0; place < length; place++) {
    const code = text.charCodeAt(place);
    if (isOrdinary[code] === 1) continue;
    if (place === 0 || place === length - 1) return false;
    const before = text.charCodeAt(place - 1);
    if (code === at) {
      if (atPlace >= 0 || place > 64 || before === dot) return false;
      atPlace = place;
    } else if (code === dot) {
      if (before === dot || before === at) return false;
    } else if (code !== hyphen || before === at) return false;
  }
  return atPlace > 0;
};

/** Shallow on purpose (RFC 5321 sizes, no white space or control characters): whether it exists, only its server knows. */
export const EmailAddress = withJsonSchema(
  brandedString(
    'EmailAddress',
    'an email address such as ada@example.org',
    (text) =>
      // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
      /^[^\s@\u0000-\u001f\u007f<>"(),:;\\[\]]{1,64}@[^\s@\u0000-\u001f\u007f<>"(),:;\\[\]]{1,255}$/.test(text) &&
      text.length <= 254 &&
      !/(^\.|\.@|\.\.|@\.|@-|\.$)/.test(text),
    (text) => isCommonAddress(text),
  ),
  () => ({ type: 'string', format: 'email', maxLength: 254 }),
);
export type EmailAddress = Branded<'EmailAddress'>;

/** Two addresses are the same mailbox when this is equal. Local parts are compared without case, as providers do. */
export const sameAddressKey = (address: EmailAddress): string => address.toLowerCase().normalize('NFC');

/** What stands after the last @. */
export const domainOf = (address: EmailAddress): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
