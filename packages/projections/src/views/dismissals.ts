import { type AlertEvent, alertEvents } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import type { DismissalsRow } from './alert-row.ts';

/** A person of an organization: two organizations may know different people by one id. */
export const dismissalsKey = (organizationId: string, principalId: string): string =>
  `${organizationId}/${principalId}`;

/** What each person has taken off their wall. */
export const dismissalsView: View<DismissalsRow, AlertEvent> = {
  name: 'dismissals',
  version: 1,
  events: alertEvents,
  indexes: ['organizationId', 'principalId'],
  keys: ({ data }) => [dismissalsKey(data.organizationId, data.principalId)],
  evolve: (row, event, _key, { position }) => {
    const { principalId, organizationId, alertKey, occurrences } = event.data;
    if (alertKey === null) return { principalId, organizationId, all: position, byKey: {} };
    return {
      principalId,
      organizationId,
      all: row?.all ?? null,
      byKey: { ...row?.byKey, [alertKey]: { position, occurrences } },
    };
  },
};
