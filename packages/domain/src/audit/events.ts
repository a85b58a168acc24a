import * as t from 'io-ts';
import { OrganizationId, PrincipalId, privileges } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { count, instant, nullable, oneOf } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.
// What somebody did, or wanted to do, that changes no record: it exists for the audit trail. Ids only, nothing personal.

const principal = { organizationId: OrganizationId, principalId: PrincipalId };

/** Why a command or query was refused, whatever it was about. */
export const RefusalReason = oneOf('privilegeMissing', 'insecureChannel');
export type RefusalReason = t.TypeOf<typeof RefusalReason>;

/** Somebody wanted what they may not do. The same again, soon after, is refused as well but not recorded. */
export const AccessRefused = defineEvent(
  'AccessRefused',
  t.strict({
    ...principal,
    /** The command, or the view that was to be read. */
    wanted: t.string,
    reason: RefusalReason,
    /** The privileges that were missing. */
    privileges: t.readonlyArray(oneOf(...privileges), 'a list of privileges'),
    /** The mailbox or profile it was about; null: several, or none. */
    recordId: nullable(t.string),
    refusedAt: instant,
  }),
);

/** The audit trail, or a part of it, was written to a file. */
export const AuditExported = defineEvent(
  'AuditExported',
  t.strict({
    ...principal,
    format: oneOf('ndjson', 'csv', 'json'),
    /** How many lines the file holds. */
    lines: count,
    /** What the file was limited to; null: not limited by it. */
    recordId: nullable(t.string),
    actorId: nullable(PrincipalId),
    since: nullable(instant),
    until: nullable(instant),
  }),
);

/** The codecs of every event of the audit itself. */
export const events = eventFamily([AccessRefused, AuditExported]);
/** Every event of the audit itself: refusals, exports, erasures. */
export type Event = EventOf<typeof events>;
