import { ActMethod, IncomingMethod, OutgoingMethod } from '../../settings/index.ts';
import { MailboxId, MailChannel, nullable, oneOf, ProfileId, TestRunId } from '../../values/index.ts';
import { fields } from '../edge/fields.ts';
import { someOf, yesOrNo } from '../edge/inputs.ts';

/** More mailboxes than this are several commands. */
const mostMailboxes = 20_000;

const mailboxIds = someOf(MailboxId, mostMailboxes);

/** True: tells for each mailbox what would happen, and changes nothing. */
const preview = { preview: yesOrNo };

/** The commands on many mailboxes. Each gives a result per mailbox; one that is turned down stops no other. */
export const bulkCommands = {
  /** Puts the organization's default profile and methods on the mailboxes; tests and enables them unless told not to. */
  ApplyDefaultEmailSettings: {
    needs: ['mailboxes.read', 'mailboxes.write'],
    codec: fields(
      { type: oneOf('ApplyDefaultEmailSettings'), mailboxIds },
      { testAndEnable: yesOrNo, letMailboxSecretsFollow: yesOrNo, ...preview },
    ),
  },
  /** What is left out stays as it is. Does not test. */
  EditMailboxes: {
    needs: ['mailboxes.read', 'mailboxes.write'],
    codec: fields(
      { type: oneOf('EditMailboxes'), mailboxIds },
      {
        profileId: nullable(ProfileId),
        incoming: IncomingMethod,
        outgoing: OutgoingMethod,
        act: ActMethod,
        /** Stored passwords may go to another host; needs `secrets.reuse`. */
        letMailboxSecretsFollow: yesOrNo,
        ...preview,
      },
    ),
  },
  ApproveMailbox: {
    needs: ['addresses.approve'],
    codec: fields({ type: oneOf('ApproveMailbox'), mailboxIds }, preview),
  },
  RejectMailbox: {
    needs: ['addresses.approve'],
    codec: fields({ type: oneOf('RejectMailbox'), mailboxIds }, preview),
  },
  /** Test & Enable: of these mailboxes, or of all mailboxes on a profile. Owners may test their own. */
  TestAndEnable: {
    needs: ['mailboxes.test'],
    ownMay: true,
    codec: fields(
      { type: oneOf('TestAndEnable') },
      {
        mailboxIds,
        profileId: ProfileId,
        /** Default: both. */
        channels: someOf(MailChannel, 2),
        /** The seed's "Sync items ... from this org only": recorded, without effect for POP3 and IMAP. */
        thisOrganizationOnly: yesOrNo,
        /** Each mailbox that works in both directions also sends a real message to itself; it is removed again. */
        testMessage: yesOrNo,
        ...preview,
      },
    ),
  },
  /** After trouble of a whole profile: tests again, with one command, whatever it had paused or disabled. */
  ResumeAfterIncident: {
    needs: ['mailboxes.test'],
    codec: fields({ type: oneOf('ResumeAfterIncident'), profileId: ProfileId }, preview),
  },
  /**
   * Ends tests that are open, of these mailboxes or of a run; statuses stay as they were. Owners may cancel those of
   * their own, and everybody the run they asked for.
   */
  CancelTest: {
    needs: ['mailboxes.test'],
    ownMay: true,
    codec: fields({ type: oneOf('CancelTest') }, { mailboxIds, runId: TestRunId, ...preview }),
  },
} as const;
