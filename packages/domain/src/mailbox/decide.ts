import { type Decision, rejected } from '../kernel/decider.ts';
import type { Command } from './commands.ts';
import { applyProfileChange, assignProfile, changeAddress, setMethods, setProcessingStart } from './configure.ts';
import { announceExpiry, clearCredentials, setCredentials } from './credentials.ts';
import type { Event } from './events.ts';
import { activate, approve, changeOwner, deactivate, reject, rename } from './record.ts';
import { register } from './register.ts';
import { type Rejection, rejections } from './rejections.ts';
import { recordResult, recordTestMessage } from './result.ts';
import type { State } from './state.ts';
import { cancelTest, requestTest, resumeChannel } from './testing.ts';

/** Answers a command. A mailbox of another organization is answered as if there were none. */
export const decide = (command: Command, state: State): Decision<Event, Rejection> => {
  if (command.type === 'RegisterMailbox') return register(command, state);
  if (state._tag === 'NotRegistered' || state.organizationId !== command.context.actor.organizationId) {
    return rejected(rejections.MailboxNotFound({ mailboxId: command.mailboxId }));
  }

  switch (command.type) {
    case 'AssignMailboxProfile':
      return assignProfile(command, state);
    case 'SetMailboxMethods':
      return setMethods(command, state);
    case 'ChangeMailboxAddress':
      return changeAddress(command, state);
    case 'RenameMailbox':
      return rename(command, state);
    case 'SetMailboxCredentials':
      return setCredentials(command, state);
    case 'AnnounceMailboxCredentialsExpiry':
      return announceExpiry(command, state);
    case 'ClearMailboxCredentials':
      return clearCredentials(command, state);
    case 'ApproveMailbox':
      return approve(state);
    case 'RejectMailbox':
      return reject(state);
    case 'ActivateMailbox':
      return activate(state);
    case 'DeactivateMailbox':
      return deactivate(command, state);
    case 'ChangeMailboxOwner':
      return changeOwner(command, state);
    case 'SetMailboxProcessingStart':
      return setProcessingStart(command, state);
    case 'RequestMailboxTest':
      return requestTest(command, state);
    case 'RecordTestResult':
      return recordResult(command, state);
    case 'RecordTestMessage':
      return recordTestMessage(command, state);
    case 'CancelMailboxTest':
      return cancelTest(command, state);
    case 'ApplyProfileChange':
      return applyProfileChange(command, state);
    case 'ResumeChannel':
      return resumeChannel(command, state);
  }
};
