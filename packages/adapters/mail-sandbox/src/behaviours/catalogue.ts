import type { Behaviour } from './behaviour.ts';
import { imapLoginBehaviours } from './imap-login-behaviours.ts';
import { pop3LoginBehaviours } from './pop3-login-behaviours.ts';
import { readingBehaviours } from './reading-behaviours.ts';
import { smtpLoginBehaviours } from './smtp-login-behaviours.ts';
import { smtpMessageBehaviours } from './smtp-message-behaviours.ts';
import { smtpSenderBehaviours } from './smtp-sender-behaviours.ts';

const all = [
  ...smtpLoginBehaviours,
  ...imapLoginBehaviours,
  ...pop3LoginBehaviours,
  ...readingBehaviours,
  ...smtpSenderBehaviours,
  ...smtpMessageBehaviours,
] as const;

/** The name of a behaviour of the catalogue. */
export type BehaviourName = (typeof all)[number]['name'];

/** Every behaviour an account may be given. */
export const behaviours: readonly Behaviour[] = all;

/** The behaviour of this name. */
export const behaviour = (name: BehaviourName): Behaviour => {
  const found = behaviours.find((candidate) => candidate.name === name);
  if (found === undefined) throw new TypeError('name: expected the name of a behaviour of the catalogue');
  return found;
};
