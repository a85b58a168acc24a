import { type CommandContext, type OrganizationId, PrincipalId } from '../../kernel/command.ts';
import type { Cause } from '../../policies/index.ts';
import type { Clock } from '../ports/index.ts';

const mailroom = PrincipalId.orThrow('mailroom');

/** Mailroom itself acts, on what somebody with the privilege asked for. */
export const systemContext = (
  clock: Clock,
  organizationId: OrganizationId,
  commandId: string,
  { correlationId, eventId }: Cause,
): CommandContext => ({
  commandId,
  actor: { kind: 'system', id: mailroom, organizationId, privileges: [], teams: [] },
  correlationId,
  causationId: eventId,
  secureChannel: true,
  at: clock.now(),
  traceparent: null,
});
