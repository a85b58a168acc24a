import * as t from 'io-ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { count, nullable } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

/** A person took an alert off their own wall. It comes back when the problem occurs again. `alertKey` null: all of them. */
export const AlertDismissed = defineEvent(
  'AlertDismissed',
  t.strict({
    principalId: PrincipalId,
    organizationId: OrganizationId,
    alertKey: nullable(t.string),
    /** How often the problem had occurred when it was dismissed; 0 for all. */
    occurrences: count,
  }),
);

/** The codecs of every event of what a person dismissed. */
export const events = eventFamily([AlertDismissed]);
/** Every event of what a person dismissed. */
export type Event = EventOf<typeof events>;
