import { type Actor, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';

/** Who acts here: an administrator of the only organization. A host takes both from its own users. */
export const administrator: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('administrator'),
  organizationId: OrganizationId.orThrow('quickstart'),
  privileges,
  teams: [],
};
