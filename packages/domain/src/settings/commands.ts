import type { CommandContext, OrganizationId } from '../kernel/command.ts';
import type { ProfileId } from '../values/index.ts';
import type { ActMethod, IncomingMethod, OutgoingMethod } from './events.ts';

/** What is left out stays as it is. `defaultProfileId: null`: no default profile any more. */
export interface SettingsInput {
  readonly defaultProfileId?: ProfileId | null | undefined;
  readonly incoming?: IncomingMethod | undefined;
  readonly outgoing?: OutgoingMethod | undefined;
  readonly act?: ActMethod | undefined;
  readonly approvalRequiredForUsers?: boolean | undefined;
  readonly approvalRequiredForQueues?: boolean | undefined;
  readonly alertErrors?: boolean | undefined;
  readonly alertWarnings?: boolean | undefined;
  readonly alertInformation?: boolean | undefined;
  readonly notifyMailboxOwner?: boolean | undefined;
}

/** For the organization of the actor. */
export interface ConfigureEmailSettings {
  readonly type: 'ConfigureEmailSettings';
  readonly context: CommandContext;
  readonly organizationId: OrganizationId;
  readonly changes: SettingsInput;
  /** What is known of the profile that `changes` names; anything when it names none. */
  readonly defaultProfile: 'active' | 'inactive' | 'missing';
}

export type Command = ConfigureEmailSettings;
