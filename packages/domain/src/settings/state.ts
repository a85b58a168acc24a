import type { EventOf } from '../kernel/events.ts';
import type { EmailSettingsConfigured, Event } from './events.ts';

/** The settings as they hold now. */
export type Settings = Omit<EventOf<typeof EmailSettingsConfigured>['data'], 'organizationId'>;

/** Every organization has settings: those of the seed, until somebody changes them. */
export type State = Settings;

export const initialState: State = {
  defaultProfileId: null,
  incoming: 'none',
  outgoing: 'none',
  act: 'none',
  approvalRequiredForUsers: true,
  approvalRequiredForQueues: true,
  alertErrors: true,
  alertWarnings: true,
  alertInformation: true,
  notifyMailboxOwner: false,
};

export const evolve = (_state: State, { data: { organizationId: _, ...settings } }: Event): State => settings;
