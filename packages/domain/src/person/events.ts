import * as t from 'io-ts';
import { OrganizationId } from '../kernel/command.ts';
import { defineEvent, eventFamily, type EventOf } from '../kernel/events.ts';
import { oneOf, PersonId } from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

/** Who a person is to Mailroom: a user, a queue or forward mailbox that stands for itself, the account of a profile. */
export const PersonKind = oneOf('user', 'queue', 'forward', 'profile');
export type PersonKind = t.TypeOf<typeof PersonKind>;

/** The key of this person is gone: whatever was sealed under it reads as `[erased]` from now on, everywhere. */
export const PersonErased = defineEvent(
  'PersonErased',
  t.strict({ organizationId: OrganizationId, personId: PersonId, kind: PersonKind }),
);

/** The codecs of every event of a person. */
export const events = eventFamily([PersonErased]);
/** Every event of a person. */
export type Event = EventOf<typeof events>;
