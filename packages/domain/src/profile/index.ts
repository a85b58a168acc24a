import type { Aggregate } from '../kernel/aggregate.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { ProfileId } from '../values/index.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import type { Rejection } from './rejections.ts';
import { evolve, initialState, type State } from './state.ts';

export type {
  ActivateProfile,
  AnnounceProfileCredentialsExpiry,
  ChangeProfile,
  ChangeProfileOwner,
  ClearProfileCredentials,
  Command,
  ConnectionInput,
  CreateProfile,
  DeactivateProfile,
  DeleteProfile,
  EndpointInput,
  Owner,
  ProcessingInput,
  ProfileRules,
  SetProfileCredentials,
} from './commands.ts';
export { accountChannel, protocolOf } from './connection.ts';
export {
  AuthenticationProtocol,
  CredentialSource,
  Endpoint,
  type Event,
  events,
  ProfileActivated,
  ProfileConnectionChanged,
  ProfileCreated,
  ProfileCredentialsCleared,
  ProfileCredentialsExpiryAnnounced,
  ProfileCredentialsSet,
  ProfileDeactivated,
  ProfileDeleted,
  ProfileDescribed,
  ProfileOwnerChanged,
  ProfileProcessingChanged,
  ServerType,
} from './events.ts';
export { reject, type Rejection } from './rejections.ts';
export type { Connection, Existing, Processing, State } from './state.ts';

/** How a profile behaves. */
export const decider: Decider<Command, Event, State, Rejection> = { initialState, decide, evolve };

/** The stream of a profile. */
export const streamOf = (profileId: ProfileId): StreamName => StreamName.orThrow(`profile-${profileId}`);

/** An email server profile, ready to run. */
export const aggregate: Aggregate<Command, Event, State, Rejection> = {
  name: 'profile',
  decider,
  events,
  streamOf: ({ profileId }) => streamOf(profileId),
};
