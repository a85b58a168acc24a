import { type Actor, type InvalidValue, OrganizationId, PrincipalId, type Privilege } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** Who acts, from the users of the host. An `Actor` of the domain is one too. */
export interface HostActor {
  /** Default: a person. */
  readonly kind?: Actor['kind'];
  /** The host's own id of the user: opaque, never an address, because it is stored in clear. */
  readonly id: string;
  /** The tenant, by the host's own id. Nothing is reachable from another. */
  readonly organizationId: string;
  readonly privileges: readonly Privilege[];
  /** Teams the user belongs to: what a team owns, its members see as theirs. Default: none. */
  readonly teams?: readonly string[];
}

const read = <Value>(field: string, value: E.Either<InvalidValue, Value>): Value => {
  if (E.isLeft(value)) throw new TypeError(`actor.${field}: expected ${value.left.expected}`);
  return value.right;
};

/** The actor of the domain. Throws a `TypeError` that names the field whose id cannot be one: that is the host's bug. */
export const actorOf = ({ kind = 'person', id, organizationId, privileges, teams = [] }: HostActor): Actor => ({
  kind,
  id: read('id', PrincipalId.from(id)),
  organizationId: read('organizationId', OrganizationId.from(organizationId)),
  privileges,
  teams: teams.map((team, index) => read(`teams[${index}]`, PrincipalId.from(team))),
});
