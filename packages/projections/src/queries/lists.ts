import type { Actor } from '@mailroom/domain';
import type { MailboxStatus, ProfileStatus } from './rows.ts';
import { owns } from './who-sees.ts';

/** The named lists of each view: what the query's `list` may say. */
export const mailboxLists: Readonly<Record<string, (row: MailboxStatus, actor: Actor) => boolean>> = {
  all: () => true,
  active: ({ active }) => active,
  myActive: (row, actor) => row.active && (row.regardingId === actor.id || owns(actor, row)),
  inactive: ({ active }) => !active,
  pendingApproval: ({ active, approval }) => active && approval === 'pending',
};

export const profileLists: Readonly<Record<string, (row: ProfileStatus) => boolean>> = {
  all: () => true,
  active: ({ active }) => active,
  inactive: ({ active }) => !active,
};

/** `mine`: the actor's own wall (the default). `all`: everybody's, for those who may read every mailbox. */
const alertLists = ['mine', 'all'] as const;

export type AlertList = (typeof alertLists)[number];
export const isAlertList = (list: string): list is AlertList => alertLists.some((known) => known === list);
