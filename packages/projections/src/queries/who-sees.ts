import type { Actor } from '@mailroom/domain';

interface Owned {
  readonly organizationId: string;
  readonly ownerKind: 'user' | 'team';
  readonly ownerId: string;
}

/** Owners see their own; whoever may read mailboxes sees all of the organization; nobody sees another organization. */
export const owns = (actor: Actor, row: Owned): boolean =>
  row.organizationId === actor.organizationId &&
  (row.ownerKind === 'user' ? row.ownerId === actor.id : actor.teams.some((team) => team === row.ownerId));

export const seesMailbox = (actor: Actor, row: Owned & { readonly regardingId: string | null }): boolean =>
  row.organizationId === actor.organizationId &&
  (actor.privileges.includes('mailboxes.read') || row.regardingId === actor.id || owns(actor, row));

export const seesProfile = (actor: Actor, row: Owned): boolean =>
  row.organizationId === actor.organizationId &&
  (actor.privileges.includes('mailboxes.read') || actor.privileges.includes('profiles.write') || owns(actor, row));

export const seesTestRun = (
  actor: Actor,
  row: { readonly organizationId: string; readonly requestedBy: string },
): boolean =>
  row.organizationId === actor.organizationId &&
  (actor.privileges.includes('mailboxes.read') || row.requestedBy === actor.id);
