import { type SettingsEvent, settingsEvents } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';

/** An organization's email configuration settings, as last configured. */
export interface SettingsRow {
  readonly organizationId: string;
  readonly defaultProfileId: string | null;
  readonly incoming: string;
  readonly outgoing: string;
  readonly act: string;
  readonly approvalRequiredForUsers: boolean;
  readonly approvalRequiredForQueues: boolean;
  readonly alertErrors: boolean;
  readonly alertWarnings: boolean;
  readonly alertInformation: boolean;
  readonly notifyMailboxOwner: boolean;
}

export const settingsView: View<SettingsRow, SettingsEvent> = {
  name: 'settings',
  version: 1,
  events: settingsEvents,
  indexes: ['organizationId'],
  keys: (event) => [event.data.organizationId],
  evolve: (_row, event) => ({ ...event.data }),
};
