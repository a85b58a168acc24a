import { type Decision, happened } from '../kernel/decider.ts';
import type { Command } from './commands.ts';
import { AlertDismissed, type Event } from './events.ts';

/** No dismissal depends on an earlier one: the same problem can come back, and be dismissed again. */
export type State = null;

/** Nobody is told no: the wall is the actor's own. */
export const decide = ({ context, alertKey, occurrences }: Command): Decision<Event, never> => {
  const { id: principalId, organizationId } = context.actor;
  return happened<Event>(AlertDismissed({ principalId, organizationId, alertKey, occurrences }));
};
