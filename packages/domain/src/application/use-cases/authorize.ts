import type { Actor, Privilege } from '../../kernel/command.ts';
import { together } from '../../kernel/rejection.ts';
import type { Registered } from '../../mailbox/index.ts';
import { commandTable, type CommandType } from '../commands/command.ts';
import { reject } from './texts.ts';

type PrivilegeMissing = ReturnType<typeof reject.PrivilegeMissing>;

/** Turned down for want of these privileges, each of them named. */
export const privilegesMissing = (command: CommandType, privileges: readonly Privilege[]): PrivilegeMissing | null => {
  const [first, ...others] = privileges.map((privilege) => reject.PrivilegeMissing({ command, privilege }));
  return first === undefined ? null : together([first, ...others]);
};

/** Mailroom itself acts on what was permitted when somebody asked for it. */
const lacking = (type: CommandType, actor: Actor): readonly Privilege[] =>
  actor.kind === 'system' ? [] : commandTable[type].needs.filter((privilege) => !actor.privileges.includes(privilege));

/**
 * Whether the actor may give this command at all; null when so. A command that owners may give for what is theirs is
 * let through: whether it is theirs is looked at mailbox by mailbox (`mayTouch`).
 */
export const authorize = (type: CommandType, actor: Actor): PrivilegeMissing | null =>
  'ownMay' in commandTable[type] ? null : privilegesMissing(type, lacking(type, actor));

/** Whether a mailbox is the actor's own: as its owner, as a member of the team that owns it, or as its user. */
const isOwn = (actor: Actor, mailbox: Pick<Registered, 'ownerKind' | 'ownerId' | 'kind' | 'regardingId'>) =>
  (mailbox.ownerKind === 'user' ? mailbox.ownerId === actor.id : actor.teams.includes(mailbox.ownerId)) ||
  (mailbox.kind === 'user' && mailbox.regardingId === actor.id);

/**
 * Whether the actor may give this command for this mailbox; null when so. Without the privilege the answer is the same
 * for a mailbox of somebody else and for one that does not exist.
 */
export const mayTouch = (type: CommandType, actor: Actor, mailbox: Registered | null): PrivilegeMissing | null => {
  const privileges = lacking(type, actor);
  if (privileges.length === 0) return null;
  const isOwnersRight = 'ownMay' in commandTable[type] && mailbox !== null && isOwn(actor, mailbox);
  return isOwnersRight ? null : privilegesMissing(type, privileges);
};
