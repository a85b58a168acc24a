import * as t from 'io-ts';
import { type Branded, brandedString } from '../kernel/brand.ts';
import { checked } from '../kernel/checked.ts';
import { withFastCheck } from '../kernel/fast-decoder.ts';
import { withJsonSchema } from '../kernel/json-schema.ts';

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`, 'i');
const ipv6 = /^[0-9a-f:.]{2,45}$/i;

/** A host name or an IP address. Not a URL, and no port: those have fields of their own. */
export const Host = withJsonSchema(
  brandedString(
    'Host',
    'a host name or IP address such as mail.example.org, without scheme, port or path',
    (text) => hostName.test(text) || (text.includes(':') && ipv6.test(text) && text.split(':').length > 2),
  ),
  () => ({ type: 'string', format: 'hostname', minLength: 1, maxLength: 253 }),
);
export type Host = Branded<'Host'>;

const isPort = (input: unknown): input is number =>
  Number.isInteger(input) && (input as number) >= 1 && (input as number) <= 65535;

/** 1 to 65535. */
export const Port: t.Type<number> = withFastCheck(
  withJsonSchema(checked('a port from 1 to 65535', isPort), () => ({ type: 'integer', minimum: 1, maximum: 65535 })),
);

/** How a connection is encrypted: from the first byte, by a required upgrade, or not at all. There is no "if available". */
export const TlsMode = t.keyof({ tls: null, starttls: null, none: null }, '"tls", "starttls" or "none"');
export type TlsMode = t.TypeOf<typeof TlsMode>;

/** A protocol that a server is checked by. */
export const Protocol = t.keyof({ imap: null, pop3: null, smtp: null }, '"imap", "pop3" or "smtp"');
export type Protocol = t.TypeOf<typeof Protocol>;
/** A protocol that mail is collected by. */
export type IncomingProtocol = 'imap' | 'pop3';

/** Incoming email, outgoing email, and appointments/contacts/tasks: independent of each other. */
export const Channel = t.keyof({ incoming: null, outgoing: null, act: null }, '"incoming", "outgoing" or "act"');
export type Channel = t.TypeOf<typeof Channel>;
/** The channels that a POP3 or IMAP profile can serve. */
export const MailChannel = t.keyof({ incoming: null, outgoing: null }, '"incoming" or "outgoing"');
export type MailChannel = t.TypeOf<typeof MailChannel>;
