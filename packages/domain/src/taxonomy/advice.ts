import { fill, type Text } from '../kernel/text.ts';
import { type FailureKind, kindOf } from './kinds.ts';

/** Values for the braces of an advice: host, port, provider ... Never a secret, never text of a server. */
export type AdviceParams = Readonly<Record<string, string | number>>;

/** What a sentence says where the value is not known, for example when it is told again from a stored event. */
const unknownValues: AdviceParams = {
  setting: 'setting',
  expected: 'it is not valid',
  host: 'the mail server',
  port: 'of the profile',
  tlsPort: '993 for IMAP, 995 for POP3, 465 for SMTP',
  protocol: 'the protocol of the profile',
  usualPorts: '993 and 143 for IMAP, 995 and 110 for POP3, 587 and 465 for SMTP',
  found: 'something else',
  provider: 'the mail provider',
  helpUrl: '',
  offered: 'see the steps of the test',
  validTo: 'see the steps of the test',
  validFrom: 'see the steps of the test',
  names: 'see the steps of the test',
  reason: 'see the steps of the test',
  days: 'a few',
  mailbox: 'of this address',
  folder: 'of the mailbox',
  address: 'this address',
  limit: 'a certain size',
  minutes: 'several',
  subject: 'test message',
};

const namesIn = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/\{\w+\}/g)].map(([braced]) => braced.slice(1, -1));

/**
 * What a person reads about a kind of failure: what is wrong, whose it is, what to do. The key is `advice.<Kind>`;
 * `params` holds a value for every name in the sentence, so a translation never shows braces.
 */
export const adviceFor = (kind: FailureKind, params: AdviceParams = {}): Text => {
  const sentence = kindOf(kind).advice;
  const used = Object.fromEntries(namesIn(sentence).map((name) => [name, params[name] ?? unknownValues[name] ?? name]));
  return { key: `advice.${kind}`, params: used, sentence: fill(sentence, used).trim() };
};
