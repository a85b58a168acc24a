import {
  type Actor,
  type CommandContext,
  OrganizationId,
  PrincipalId,
  type Privilege,
  privileges,
} from '../kernel/command.ts';
import { derivedId } from '../kernel/derived-id.ts';

/** An administrator of an organization (default: `org-1`), or somebody with just these privileges. */
export const actorOf = (
  given: {
    readonly id?: string;
    readonly organization?: string;
    readonly privileges?: readonly Privilege[];
    readonly teams?: readonly string[];
  } = {},
): Actor => ({
  kind: 'person',
  id: PrincipalId.orThrow(given.id ?? 'admin'),
  organizationId: OrganizationId.orThrow(given.organization ?? 'org-1'),
  privileges: given.privileges ?? privileges,
  teams: (given.teams ?? []).map((team) => PrincipalId.orThrow(team)),
});

/** The context of a command for tests of deciders: an administrator, a secure channel, one fixed moment. */
export const contextOf = (given: Partial<CommandContext> = {}): CommandContext => {
  const commandId = given.commandId ?? derivedId('command', 'of a test');
  return {
    commandId,
    actor: actorOf(),
    correlationId: commandId,
    causationId: commandId,
    secureChannel: true,
    at: new Date('2026-01-01T09:00:00.000Z'),
    traceparent: null,
    ...given,
  };
};
