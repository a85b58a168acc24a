import type { StoredMessage } from '../accounts/message-store.ts';
import { divided, fieldOf, fieldsOf } from './headers.ts';
import { quoted } from './imap-command.ts';

const macros: Readonly<Record<string, readonly string[]>> = {
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
};

/** The FETCH line of one message, literals included. Reading a body without PEEK marks it as seen, unless `readOnly`. */
export const fetched = (
  number: number,
  message: StoredMessage,
  asked: readonly string[],
  readOnly: boolean,
): Buffer => {
  const items = asked.flatMap((item) => macros[item.toUpperCase()] ?? [item]);
  if (!readOnly && items.some((item) => /^(BODY\[|RFC822$|RFC822\.TEXT$)/i.test(item))) message.flags.add('\\Seen');
  const parts = items.map((item) => fetchedItem(message, item));
  return Buffer.concat([
    Buffer.from(`* ${number} FETCH (`),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from(' '), part])),
    Buffer.from(')\r\n'),
  ]);
};

const fetchedItem = (message: StoredMessage, item: string): Buffer => {
  const word = item.toUpperCase();
  const section = /^BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i.exec(item);
  if (section !== null) {
    const [, wanted = '', from, count] = section;
    const whole = sectionOf(message.content, wanted);
    if (from === undefined) return literal(`BODY[${wanted}]`, whole);
    return literal(`BODY[${wanted}]<${from}>`, whole.subarray(Number(from), Number(from) + Number(count)));
  }
  switch (word) {
    case 'UID':
      return Buffer.from(`UID ${message.uid}`);
    case 'FLAGS':
      return Buffer.from(`FLAGS (${[...message.flags].join(' ')})`);
    case 'INTERNALDATE':
      return Buffer.from(`INTERNALDATE "${internalDate(message.receivedAt)}"`);
    case 'RFC822.SIZE':
      return Buffer.from(`RFC822.SIZE ${message.content.length}`);
    case 'RFC822':
      return literal('RFC822', message.content);
    case 'RFC822.HEADER':
      return literal('RFC822.HEADER', divided(message.content).header);
    case 'ENVELOPE':
      return Buffer.from(`ENVELOPE ${envelope(message.content)}`);
    case 'BODY':
    case 'BODYSTRUCTURE': {
      const { body } = divided(message.content);
      const lines = body.toString('latin1').split('\n').length - 1;
      return Buffer.from(`${word} ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" ${body.length} ${lines})`);
    }
    default:
      return Buffer.from(`${word} NIL`);
  }
};

const sectionOf = (content: Buffer, section: string): Buffer => {
  const { header, body } = divided(content);
  const word = section.toUpperCase();
  if (word === '') return content;
  if (word === 'HEADER') return header;
  if (word === 'TEXT' || word === '1') return body;
  const fields = /^HEADER\.FIELDS(\.NOT)? \(([^)]*)\)$/.exec(word);
  if (fields === null) return Buffer.alloc(0);
  const names = new Set((fields[2] ?? '').split(' ').map((name) => name.replaceAll('"', '').toLowerCase()));
  const wanted = fieldsOf(content).filter(({ name }) => names.has(name) === (fields[1] === undefined));
  return Buffer.from(`${wanted.map(({ raw }) => `${raw}\r\n`).join('')}\r\n`);
};

const literal = (name: string, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${name} {${content.length}}\r\n`), content]);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const internalDate = (date: Date): string =>
  `${String(date.getUTCDate()).padStart(2, ' ')}-${months[date.getUTCMonth()] ?? ''}-${date.getUTCFullYear()} ` +
  `${date.toISOString().slice(11, 19)} +0000`;

const envelope = (content: Buffer): string => {
  const text = (name: string): string => {
    const value = fieldOf(content, name);
    return value === undefined ? 'NIL' : quoted(value);
  };
  const from = addresses(fieldOf(content, 'from'));
  const or = (name: string): string =>
    fieldOf(content, name) === undefined ? from : addresses(fieldOf(content, name));
  return `(${[
    text('date'),
    text('subject'),
    from,
    or('sender'),
    or('reply-to'),
    ...['to', 'cc', 'bcc'].map((name) => addresses(fieldOf(content, name))),
    text('in-reply-to'),
    text('message-id'),
  ].join(' ')})`;
};

const addresses = (field: string | undefined): string => {
  const found = [...(field ?? '').matchAll(/(?:"?([^"<>,]*?)"?\s*)<([^@<>]+)@([^<>]+)>|([^\s,<>@]+)@([^\s,<>]+)/g)];
  if (found.length === 0) return 'NIL';
  return `(${found
    .map(
      ([, name = '', user, host, bareUser, bareHost]) =>
        `(${name.trim() === '' ? 'NIL' : quoted(name.trim())} NIL ${quoted(user ?? bareUser ?? '')} ${quoted(host ?? bareHost ?? '')})`,
    )
    .join('')})`;
};
