import { type Branded, brandedString } from '../kernel/brand.ts';

/** Shallow on purpose (RFC 5321 sizes, no white space or control characters): whether it exists, only its server knows. */
export const EmailAddress = brandedString(
  'EmailAddress',
  'an email address such as ada@example.org',
  (text) =>
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
    /^[^\s@\u0000-\u001f\u007f<>"(),:;\\[\]]{1,64}@[^\s@\u0000-\u001f\u007f<>"(),:;\\[\]]{1,255}$/.test(text) &&
    text.length <= 254 &&
    !/(^\.|\.@|\.\.|@\.|@-|\.$)/.test(text),
);
export type EmailAddress = Branded<'EmailAddress'>;

/** Two addresses are the same mailbox when this is equal. Local parts are compared without case, as providers do. */
export const sameAddressKey = (address: EmailAddress): string => address.toLowerCase().normalize('NFC');

export const domainOf = (address: EmailAddress): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
