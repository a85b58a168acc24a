import type { CommandInput } from '../../application/commands/command.ts';
import { ada, both, type CommandStories, forwardNamed, mailboxId, nowhere, profileId, support } from './story.ts';

const notThere = 'MailboxNotFound';
const onNone: { readonly mailboxId: string } = { mailboxId: nowhere.mailboxId };
const bob = { ...ada, regardingId: 'bob', name: 'Bob', address: 'bob@example.org' } as const;
const invoices = {
  type: 'RegisterMailbox',
  kind: 'forward',
  name: 'Invoices',
  address: 'invoices@example.org',
  profileId: null,
  incoming: 'serverSide',
} as const;
const password = { userName: 'ada', password: 'of ada' } as const;
const withPassword = { ...both, set: { type: 'SetMailboxCredentials', mailboxId, ...password } } as const;

export const mailboxStories = {
  RegisterMailbox: {
    accepted: { given: { support }, when: ada, then: ['AddressClaimed', 'MailboxRegistered'], again: [] },
    refused: {
      ProfileNotFound: { when: { ...ada, profileId: nowhere.profileId } },
      MailboxAlreadyRegistered: { given: both, when: { ...ada, name: 'Ada Lovelace' } },
      OwnerOfMailboxMissing: { given: { support }, when: { ...ada, regardingId: null } },
      ForwardMailboxBelongsToNobody: { when: { ...invoices, regardingId: 'ada' } },
      ForwardMailboxNeedsAddress: { when: { ...invoices, address: null } },
      MethodNotAllowed: { when: { ...invoices, outgoing: 'serverSide' } },
      ActNotSupported: { given: { support }, when: { ...ada, act: 'serverSide' } },
      AddressTaken: { given: both, when: { ...bob, address: 'ADA@example.org' } },
    },
    never: {
      MailboxNotFound: 'the id follows from organization and owner: it is never that of another organization',
      MailboxIdMismatch: 'Mailroom derives the id',
    },
  },
  SetMailboxCredentials: {
    accepted: {
      given: both,
      when: { type: 'SetMailboxCredentials', mailboxId, ...password },
      then: ['MailboxCredentialsSet'],
      again: ['MailboxCredentialsSet'],
    },
    refused: {
      [notThere]: { when: { type: 'SetMailboxCredentials', ...onNone, ...password } },
      CredentialsOverInsecureChannel: {
        given: both,
        secureChannel: false,
        when: { type: 'SetMailboxCredentials', mailboxId, ...password },
      },
    },
    never: {},
  },
  ClearMailboxCredentials: {
    accepted: {
      given: withPassword,
      when: { type: 'ClearMailboxCredentials', mailboxId },
      then: ['MailboxCredentialsCleared'],
      again: [],
    },
    refused: { [notThere]: { when: { type: 'ClearMailboxCredentials', ...onNone } } },
    never: {},
  },
  ChangeMailboxAddress: {
    accepted: {
      given: both,
      when: { type: 'ChangeMailboxAddress', mailboxId, address: 'lovelace@example.org' },
      then: ['AddressClaimed', 'MailboxAddressChanged', 'AddressReleased'],
      again: [],
    },
    refused: {
      [notThere]: { when: { type: 'ChangeMailboxAddress', ...onNone, address: 'lovelace@example.org' } },
      ForwardMailboxNeedsAddress: {
        given: { invoices },
        when: { type: 'ChangeMailboxAddress', mailboxId: forwardNamed('invoices'), address: null },
      },
      AddressTaken: {
        given: { ...both, bob },
        when: { type: 'ChangeMailboxAddress', mailboxId, address: 'bob@example.org' },
      },
    },
    never: {},
  },
  RenameMailbox: {
    accepted: {
      given: both,
      when: { type: 'RenameMailbox', mailboxId, name: 'Lovelace' },
      then: ['MailboxRenamed'],
      again: [],
    },
    refused: { [notThere]: { when: { type: 'RenameMailbox', ...onNone, name: 'Lovelace' } } },
    never: {},
  },
  ChangeMailboxOwner: {
    accepted: {
      given: both,
      when: { type: 'ChangeMailboxOwner', mailboxId, owner: { kind: 'team', id: 'desk' } },
      then: ['MailboxOwnerChanged'],
      again: [],
    },
    refused: {
      [notThere]: { when: { type: 'ChangeMailboxOwner', ...onNone, owner: { kind: 'team', id: 'desk' } } },
    },
    never: {},
  },
  SetMailboxProcessingStart: {
    accepted: {
      given: both,
      when: { type: 'SetMailboxProcessingStart', mailboxId, processEmailFrom: '2026-01-01T00:00:00Z' },
      then: ['MailboxProcessingStartChanged'],
      again: [],
    },
    refused: {
      [notThere]: { when: { type: 'SetMailboxProcessingStart', ...onNone, processEmailFrom: null } },
    },
    never: {},
  },
  ActivateMailbox: {
    accepted: {
      given: { ...both, off: { type: 'DeactivateMailbox', mailboxId } },
      when: { type: 'ActivateMailbox', mailboxId },
      then: ['MailboxActivated'],
      again: [],
    },
    refused: { [notThere]: { when: { type: 'ActivateMailbox', ...onNone } } },
    never: {},
  },
  DeactivateMailbox: {
    accepted: {
      given: both,
      when: { type: 'DeactivateMailbox', mailboxId, cause: 'ownerDisabled' },
      then: ['MailboxDeactivated'],
      again: [],
    },
    refused: {
      [notThere]: { given: both, by: { organization: 'org-2' }, when: { type: 'DeactivateMailbox', mailboxId } },
    },
    never: {},
  },
  // The commands of an organization and of those who look after the history.
  ConfigureEmailSettings: {
    accepted: {
      given: { support },
      when: { type: 'ConfigureEmailSettings', defaultProfileId: profileId, incoming: 'serverSide' },
      then: ['EmailSettingsConfigured'],
      again: [],
    },
    refused: {
      DefaultProfileNotFound: { when: { type: 'ConfigureEmailSettings', defaultProfileId: nowhere.profileId } },
      DefaultProfileInactive: {
        given: { support, off: { type: 'DeactivateProfile', profileId } },
        when: { type: 'ConfigureEmailSettings', defaultProfileId: profileId },
      },
      ApprovalSwitchNotPermitted: {
        by: { privileges: ['settings.write'] },
        when: { type: 'ConfigureEmailSettings', approvalRequiredForUsers: false },
      },
    },
    never: {},
  },
  DismissAlert: {
    accepted: {
      when: { type: 'DismissAlert', alertKey: null },
      then: ['AlertDismissed'],
      again: ['AlertDismissed'],
    },
    refused: {},
    never: {},
  },
  RecordAuditExport: {
    accepted: {
      when: { type: 'RecordAuditExport', format: 'csv', lines: 12 },
      then: ['AuditExported'],
      again: ['AuditExported'],
    },
    refused: {},
    never: {},
  },
  ErasePerson: {
    accepted: {
      given: withPassword,
      when: { type: 'ErasePerson', kind: 'user', id: 'ada' },
      then: [
        'MailboxDeactivated',
        'MailboxCredentialsCleared',
        'MailboxAddressChanged',
        'AddressReleased',
        'PersonErased',
      ],
      again: [],
    },
    refused: { PersonNotFound: { given: both, when: { type: 'ErasePerson', kind: 'user', id: 'bob' } } },
    never: {
      ProfileNotFound: 'is told as PersonNotFound',
      MailboxNotFound: 'is told as PersonNotFound',
      ForwardMailboxNeedsAddress: 'a forward mailbox keeps an address that nobody can read',
      AddressTaken: 'addresses are only given back',
    },
  },
} as const satisfies { readonly [Type in CommandInput['type']]?: CommandStories<Type> };
