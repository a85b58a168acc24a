import type { View } from '../runner/definition.ts';
import { closed, expiring, failed, switchedOff, warned, works } from './alert-changes.ts';
import { activeKey, alertKeysOf, placeKey, successKey } from './alert-keys.ts';
import type { AlertRow } from './alert-row.ts';
import { type AlertedEvent, alertedEvents } from './alerted-events.ts';

/**
 * The problems of every mailbox and profile, one row for each object and channel. The same problem again counts up; a
 * success closes it. Who is told of it is decided when somebody looks: owners and settings of that moment count.
 */
export const alertsView: View<AlertRow, AlertedEvent> = {
  name: 'alerts',
  version: 3,
  events: alertedEvents,
  personal: { personId: (row) => row.personId, fields: ['params'] },
  indexes: ['organizationId', 'subjectId'],
  keys: alertKeysOf,
  evolve: (row, event, key, recorded) => {
    switch (event.type) {
      case 'ChannelTestFailed':
        return key === successKey(event.data.mailboxId) ? closed(row) : failed(row, event.data, recorded);
      case 'ChannelTestSucceeded':
        return key.endsWith('/warning') ? warned(row, key, event.data, recorded) : closed(row);
      case 'MailboxTestCompleted':
        return event.data.outcome === 'succeeded' ? works(row, event.data.mailboxId, recorded) : row;
      case 'ProfileDeactivated':
        return switchedOff(row, event.type, event.data.profileId, recorded);
      case 'MailboxDeactivated': {
        const { mailboxId, cause } = event.data;
        const kind = cause === 'ownerDisabled' ? 'OwnerDisabled' : event.type;
        return key === activeKey('mailbox', mailboxId) ? switchedOff(row, kind, mailboxId, recorded) : closed(row);
      }
      case 'ProfileCredentialsExpiryAnnounced':
      case 'MailboxCredentialsExpiryAnnounced':
        return expiring(row, event, recorded);
      case 'MailboxProfileAssigned':
        return event.data.profileId === null && key === placeKey(event.data.mailboxId)
          ? switchedOff(row, 'ProfileRemoved', event.data.mailboxId, recorded)
          : closed(row);
      default:
        return closed(row);
    }
  },
};
