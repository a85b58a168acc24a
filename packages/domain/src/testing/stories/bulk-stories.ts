import { derivedId } from '../../kernel/derived-id.ts';
import { mailboxIdOf } from '../../values/index.ts';
import type { CommandInput } from '../../application/commands/command.ts';
import {
  ada,
  both,
  commandNamed,
  type CommandStories,
  mailboxFor,
  mailboxId,
  noRun,
  noTest,
  nowhere,
  profileId,
  support,
} from './story.ts';

const one = { mailboxIds: [mailboxId] } as const;
const none = { mailboxIds: [nowhere.mailboxId] } as const;
const defaults = {
  type: 'ConfigureEmailSettings',
  defaultProfileId: profileId,
  incoming: 'serverSide',
  outgoing: 'none',
} as const;
const off = { type: 'DeactivateMailbox', mailboxId } as const;
const quiet = { ...ada, incoming: 'none', outgoing: 'none' } as const;
const bob = { ...ada, regardingId: 'bob', name: 'Bob', address: null } as const;
const lone = { ...ada, profileId: null } as const;
const write = { privileges: ['mailboxes.read', 'mailboxes.write'] } as const;
const test = { type: 'TestAndEnable', ...one } as const;
const desk = mailboxIdOf('org-1', 'queue', 'desk');
const stepsFirst = 'the steps before the test leave nothing of it, or it is told in a note and the steps stay done';

export const bulkStories = {
  ApplyDefaultEmailSettings: {
    accepted: {
      given: { support, defaults, ada: lone },
      when: { type: 'ApplyDefaultEmailSettings', ...one },
      then: ['MailboxMethodsChanged', 'MailboxProfileAssigned', 'MailboxTestRequested'],
      again: [],
    },
    refused: {
      SecretsReuseNotPermitted: {
        given: { support, defaults },
        by: write,
        when: { type: 'ApplyDefaultEmailSettings', ...one, letMailboxSecretsFollow: true },
      },
      DefaultsMissing: { given: both, when: { type: 'ApplyDefaultEmailSettings', ...one } },
      MailboxNotFound: { given: { support, defaults }, when: { type: 'ApplyDefaultEmailSettings', ...none } },
    },
    never: {
      ProfileNotFound: 'a default profile cannot be deleted',
      ActNotSupported: 'what a mailbox cannot have becomes "none"',
      MethodNotAllowed: 'what a mailbox cannot have becomes "none"',
      MailboxDeactivated: stepsFirst,
      NoChannelToTest: stepsFirst,
      TestRunNotFound: 'the id of the run follows from that of the command',
      TestRunTooLarge: 'more mailboxes than that are no command: InvalidCommand',
      TestRunWithoutMailboxes: 'where nothing can be tested there is no run',
    },
  },
  EditMailboxes: {
    accepted: {
      given: both,
      when: { type: 'EditMailboxes', ...one, outgoing: 'none' },
      then: ['MailboxMethodsChanged'],
      again: [],
    },
    refused: {
      SecretsReuseNotPermitted: {
        given: both,
        by: write,
        when: { type: 'EditMailboxes', ...one, letMailboxSecretsFollow: true },
      },
      ProfileNotFound: { given: both, when: { type: 'EditMailboxes', ...one, profileId: nowhere.profileId } },
      MailboxNotFound: { when: { type: 'EditMailboxes', ...none } },
      ActNotSupported: { given: both, when: { type: 'EditMailboxes', ...one, act: 'serverSide' } },
      MethodNotAllowed: {
        given: { desk: { ...lone, kind: 'queue', regardingId: 'desk' } },
        when: { type: 'EditMailboxes', mailboxIds: [desk], incoming: 'outlook' },
      },
    },
    never: noTest,
  },
  ApproveMailbox: {
    accepted: {
      given: both,
      when: { type: 'ApproveMailbox', ...one },
      then: ['MailboxApproved'],
      again: [],
    },
    refused: {
      MailboxNotFound: { when: { type: 'ApproveMailbox', ...none } },
      AddressMissing: {
        given: { support, bob },
        when: { type: 'ApproveMailbox', mailboxIds: [mailboxFor('bob')] },
      },
    },
    never: noRun,
  },
  RejectMailbox: {
    accepted: {
      given: both,
      when: { type: 'RejectMailbox', ...one },
      then: ['MailboxRejected'],
      again: [],
    },
    refused: {
      MailboxNotFound: { given: both, by: { organization: 'org-2' }, when: { type: 'RejectMailbox', ...one } },
      AddressMissing: {
        given: { support, bob },
        when: { type: 'RejectMailbox', mailboxIds: [mailboxFor('bob')] },
      },
    },
    never: noRun,
  },
  TestAndEnable: {
    accepted: { given: both, when: test, then: ['MailboxTestRequested'], again: [] },
    refused: {
      MailboxNotFound: { when: { type: 'TestAndEnable', ...none } },
      ProfileNotFound: { when: { type: 'TestAndEnable', profileId: nowhere.profileId } },
      MailboxDeactivated: { given: { ...both, off }, when: test },
      NoChannelToTest: { given: { support, ada: quiet }, when: test },
    },
    never: {
      TestRunNotFound: 'the id of the run follows from that of the command',
      TestRunTooLarge: 'needs a profile with more than 20,000 mailboxes; proved on the aggregate',
      TestRunWithoutMailboxes: 'where nothing can be tested there is no run',
    },
  },
  ResumeAfterIncident: {
    accepted: { given: both, when: { type: 'ResumeAfterIncident', profileId }, then: [], again: [] },
    refused: {
      ProfileNotFound: { when: { type: 'ResumeAfterIncident', profileId: nowhere.profileId } },
      MailboxDeactivated: { given: { ...both, off }, when: { type: 'ResumeAfterIncident', profileId } },
    },
    never: {
      MailboxNotFound: 'the mailboxes are those on the profile',
      NoChannelToTest: 'what nothing has stopped is left as it is',
      TestRunNotFound: 'there is no run',
      TestRunTooLarge: 'there is no run',
      TestRunWithoutMailboxes: 'there is no run',
    },
  },
  CancelTest: {
    accepted: {
      given: { ...both, test },
      when: { type: 'CancelTest', ...one },
      then: ['MailboxTestCancelled'],
      again: [],
    },
    refused: {
      MailboxNotFound: { when: { type: 'CancelTest', ...none } },
      TestRunNotFound: {
        given: { ...both, bob, run: { type: 'TestAndEnable', mailboxIds: [mailboxId, mailboxFor('bob')] } },
        by: { organization: 'org-2' },
        when: { type: 'CancelTest', runId: derivedId('testRun', commandNamed('run')) },
      },
    },
    never: { TestRunTooLarge: noRun.TestRunTooLarge, TestRunWithoutMailboxes: noRun.TestRunWithoutMailboxes },
  },
} as const satisfies { readonly [Type in CommandInput['type']]?: CommandStories<Type> };
