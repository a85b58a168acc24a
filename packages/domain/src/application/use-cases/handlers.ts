import type { Either } from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import type { CommandType, DecodedCommand } from '../commands/command.ts';
import { approveOrReject } from './approve-mailboxes.ts';
import { cloneProfile } from './clone-profile.ts';
import { configureEmailSettings } from './configure-settings.ts';
import { dismissAlert } from './dismiss-alert.ts';
import { applyDefaultEmailSettings, editMailboxes } from './edit-mailboxes.ts';
import type { Environment } from './environment.ts';
import {
  activateMailbox,
  changeMailboxAddress,
  changeMailboxOwner,
  clearMailboxCredentials,
  deactivateMailbox,
  renameMailbox,
  setMailboxCredentials,
  setProcessingStart,
} from './mailbox-use-cases.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { clearProfileCredentials, setProfileCredentials } from './profile-credentials.ts';
import {
  activateProfile,
  changeProfile,
  changeProfileOwner,
  createProfile,
  deactivateProfile,
  deleteProfile,
} from './profile-use-cases.ts';
import { erasePerson } from './erase-person.ts';
import { recordAuditExport } from './record-audit-export.ts';
import { registerMailbox } from './register-mailbox.ts';
import { cancelTest, resumeAfterIncident, testAndEnable } from './test-and-enable.ts';

type Handler<Type extends CommandType> = (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<Type>,
) => Promise<Either<Refusal, Outcome<unknown>>>;

/** Who carries out each command. The compiler asks for one for every command of the table. */
const handlers = {
  CreateProfile: createProfile,
  ChangeProfile: changeProfile,
  SetProfileCredentials: setProfileCredentials,
  ClearProfileCredentials: clearProfileCredentials,
  CloneProfile: cloneProfile,
  ChangeProfileOwner: changeProfileOwner,
  ActivateProfile: activateProfile,
  DeactivateProfile: deactivateProfile,
  DeleteProfile: deleteProfile,
  ConfigureEmailSettings: configureEmailSettings,
  DismissAlert: dismissAlert,
  RegisterMailbox: registerMailbox,
  SetMailboxCredentials: setMailboxCredentials,
  ClearMailboxCredentials: clearMailboxCredentials,
  ChangeMailboxAddress: changeMailboxAddress,
  RenameMailbox: renameMailbox,
  ChangeMailboxOwner: changeMailboxOwner,
  SetMailboxProcessingStart: setProcessingStart,
  ActivateMailbox: activateMailbox,
  DeactivateMailbox: deactivateMailbox,
  ApplyDefaultEmailSettings: applyDefaultEmailSettings,
  EditMailboxes: editMailboxes,
  ApproveMailbox: approveOrReject,
  RejectMailbox: approveOrReject,
  TestAndEnable: testAndEnable,
  ResumeAfterIncident: resumeAfterIncident,
  CancelTest: cancelTest,
  RecordAuditExport: recordAuditExport,
  ErasePerson: erasePerson,
} as const satisfies { readonly [Type in CommandType]: Handler<Type> };

/** What the outcome of each command tells. */
export type ResultOf<Type extends CommandType> = {
  readonly [Each in Type]: Awaited<ReturnType<(typeof handlers)[Each]>> extends infer Answer
    ? Answer extends { readonly _tag: 'Right'; readonly right: Outcome<infer Result> }
      ? Result
      : never
    : never;
}[Type];

/** Finds the one that carries out this command. */
export const handlerOf = <Type extends CommandType>(type: Type): Handler<Type> =>
  handlers[type] as unknown as Handler<Type>;
