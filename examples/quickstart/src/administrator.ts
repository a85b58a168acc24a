import { type Actor, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';

/**
 * Who acts here: an administrator of an organization of its own for each data folder, so that several can share one
 * EventStoreDB. A host takes both from its own users.
 */
export const administratorOf = (seed: string): Actor => ({
  kind: 'person',
  id: PrincipalId.orThrow('administrator'),
  organizationId: OrganizationId.orThrow(`quickstart-${seed}`),
  privileges,
  teams: [],
});
