import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { type Actor, type CommandContext, OrganizationId, PrincipalId, privileges } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { BadInput } from './io.ts';

/** Who the history names as the actor when the command writes to it. */
export interface OperatorFlags {
  readonly as?: string;
}

const loginName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number without a name.
    return '';
  }
};

/** The id of whoever runs the command: `--as`, else the name they are logged in with, else `operator`. */
export const operatorId = ({ as }: OperatorFlags): PrincipalId => {
  const id = PrincipalId.from(as ?? loginName());
  if (E.isRight(id)) return id.right;
  if (as !== undefined) throw new BadInput([`--as: expected ${id.left.expected}`]);
  return PrincipalId.orThrow('operator');
};

/** Whoever can run the command can read the store: nothing is refused to them, and everything is recorded. */
export const operatorIn = (id: PrincipalId, organizationId: string): Actor => ({
  kind: 'person',
  id,
  organizationId: OrganizationId.orThrow(organizationId),
  privileges: [...privileges],
  teams: [],
});

export const operatorContext = (actor: Actor): CommandContext => {
  const commandId = randomUUID();
  const own = { commandId, correlationId: commandId, causationId: commandId };
  return { ...own, actor, secureChannel: true, at: new Date(), traceparent: null };
};
