import type { Aggregate } from '../kernel/aggregate.ts';
import type { OrganizationId } from '../kernel/command.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import type { Rejection } from './rejections.ts';
import { evolve, initialState, type State } from './state.ts';

export type { Command, ConfigureEmailSettings, SettingsInput } from './commands.ts';
export { actWith, missingDefaults } from './decide.ts';
export { ActMethod, EmailSettingsConfigured, type Event, events, IncomingMethod, OutgoingMethod } from './events.ts';
export { reject, type Rejection } from './rejections.ts';
export type { Settings, State } from './state.ts';

/** How the settings of an organization behave. */
export const decider: Decider<Command, Event, State, Rejection> = { initialState, decide, evolve };

/** The stream of an organization's settings. */
export const streamOf = (organizationId: OrganizationId): StreamName =>
  StreamName.orThrow(`settings-${organizationId}`);

/** An organization's email configuration settings, ready to run. */
export const aggregate: Aggregate<Command, Event, State, Rejection> = {
  name: 'settings',
  decider,
  events,
  streamOf: ({ organizationId }) => streamOf(organizationId),
};
