import { PrincipalId } from '../../kernel/command.ts';
import { MailboxKind } from '../../mailbox/index.ts';
import { ActMethod, IncomingMethod, OutgoingMethod } from '../../settings/index.ts';
import { EmailAddress, MailboxId, Name, nullable, oneOf, ProfileId, UserName } from '../../values/index.ts';
import { fields } from '../edge/fields.ts';
import { moment, secretInput, yesOrNo } from '../edge/inputs.ts';
import { owner } from './profile-commands.ts';

const onMailbox = { mailboxId: MailboxId };

/** The commands on one mailbox: what each takes, and which privileges it needs (`ownMay`: its owner needs none). */
export const mailboxCommands = {
  /**
   * What is left out comes from the organization's settings. Result: the id of the mailbox. One for each user and each
   * queue: registering it again with the same settings changes nothing.
   */
  RegisterMailbox: {
    needs: ['mailboxes.write'],
    codec: fields(
      { type: oneOf('RegisterMailbox'), kind: MailboxKind, name: Name },
      {
        /** The user or queue of the host that it belongs to; a forward mailbox has none. */
        regardingId: nullable(PrincipalId),
        address: nullable(EmailAddress),
        profileId: nullable(ProfileId),
        incoming: IncomingMethod,
        outgoing: OutgoingMethod,
        act: ActMethod,
        /** Default: the user of a user mailbox, otherwise whoever registers it. */
        owner,
      },
    ),
  },
  /** `expiresOn`: when the password stops working; two weeks before, an alert reminds of it. */
  SetMailboxCredentials: {
    needs: ['mailboxes.write'],
    ownMay: true,
    codec: fields(
      { type: oneOf('SetMailboxCredentials'), ...onMailbox, userName: UserName, password: secretInput },
      { expiresOn: nullable(moment) },
    ),
  },
  ClearMailboxCredentials: {
    needs: ['mailboxes.write'],
    ownMay: true,
    codec: fields({ type: oneOf('ClearMailboxCredentials'), ...onMailbox }, {}),
  },
  ChangeMailboxAddress: {
    needs: ['mailboxes.write'],
    codec: fields({ type: oneOf('ChangeMailboxAddress'), ...onMailbox, address: nullable(EmailAddress) }, {}),
  },
  RenameMailbox: {
    needs: ['mailboxes.write'],
    codec: fields({ type: oneOf('RenameMailbox'), ...onMailbox, name: Name }, {}),
  },
  ChangeMailboxOwner: {
    needs: ['mailboxes.write'],
    codec: fields({ type: oneOf('ChangeMailboxOwner'), ...onMailbox, owner }, {}),
  },
  /** Process Email From of this mailbox; `null`: that of its profile counts again. */
  SetMailboxProcessingStart: {
    needs: ['mailboxes.write'],
    codec: fields({ type: oneOf('SetMailboxProcessingStart'), ...onMailbox, processEmailFrom: nullable(moment) }, {}),
  },
  ActivateMailbox: {
    needs: ['mailboxes.write'],
    codec: fields({ type: oneOf('ActivateMailbox'), ...onMailbox }, {}),
  },
  /** `preview`: true: tells which channels would stop, and changes nothing. */
  DeactivateMailbox: {
    needs: ['mailboxes.write'],
    codec: fields(
      { type: oneOf('DeactivateMailbox'), ...onMailbox },
      { cause: oneOf('asked', 'ownerDisabled'), preview: yesOrNo },
    ),
  },
} as const;
