import type { DomainEvent, EventFamily } from '../kernel/events.ts';
import { events as accountEvents } from '../account/index.ts';
import { events as addressEvents } from '../address/index.ts';
import { events as alertMailEvents } from '../alert-mail/index.ts';
import { events as alertEvents } from '../alerts/index.ts';
import { events as auditEvents } from '../audit/index.ts';
import { events as mailboxEvents } from '../mailbox/index.ts';
import { events as personEvents } from '../person/index.ts';
import { events as profileEvents } from '../profile/index.ts';
import { events as settingsEvents } from '../settings/index.ts';
import { events as testRunEvents } from '../test-run/index.ts';

/** Everything that is ever stored: for whoever wraps, checks or describes a whole store. */
export const eventFamilies: readonly EventFamily<DomainEvent>[] = [
  accountEvents,
  addressEvents,
  alertEvents,
  alertMailEvents,
  auditEvents,
  mailboxEvents,
  personEvents,
  profileEvents,
  settingsEvents,
  testRunEvents,
] as unknown as readonly EventFamily<DomainEvent>[];
