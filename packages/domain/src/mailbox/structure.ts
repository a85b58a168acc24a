import type { Methods } from './commands.ts';
import type { MailboxKind } from './events.ts';
import { type Rejection, rejections } from './rejections.ts';

type Allowed = { readonly [Channel in keyof Methods]: readonly Methods[Channel][] };

/** What each kind of mailbox can do at all: queues have no Outlook, forward mailboxes only collect. */
const allowedMethods: Readonly<Record<MailboxKind, Allowed>> = {
  user: {
    incoming: ['none', 'outlook', 'serverSide', 'forward'],
    outgoing: ['none', 'outlook', 'serverSide'],
    act: ['none', 'outlook', 'serverSide'],
  },
  queue: { incoming: ['none', 'serverSide', 'forward'], outgoing: ['none', 'serverSide'], act: ['none'] },
  forward: { incoming: ['none', 'serverSide'], outgoing: ['none'], act: ['none'] },
};

const channelNames = {
  incoming: 'incoming email',
  outgoing: 'outgoing email',
  act: 'appointments, contacts and tasks',
};

/** The first reason why a mailbox of this kind cannot have these methods; null when it can. */
export const methodsProblem = (kind: MailboxKind, methods: Methods, hasProfile: boolean): Rejection | null => {
  if (hasProfile && methods.act !== 'none') return rejections.ActNotSupported({}, 'act');

  for (const channel of ['incoming', 'outgoing', 'act'] as const) {
    const allowed: readonly string[] = allowedMethods[kind][channel];
    const method = methods[channel];
    if (!allowed.includes(method)) {
      const names = { kind, method, channel: channelNames[channel], allowed: allowed.join(', ') };
      return rejections.MethodNotAllowed(names, channel);
    }
  }
  return null;
};
