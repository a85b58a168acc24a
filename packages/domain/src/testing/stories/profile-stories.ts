import type { CommandInput } from '../../application/commands/command.ts';
import { both, type CommandStories, noTest, nowhere, profileId, support } from './story.ts';

const create = (changes: Partial<CommandInput<'CreateProfile'>>): CommandInput<'CreateProfile'> => ({
  ...support,
  ...changes,
});
const { host } = support.incoming;
const notThere = 'ProfileNotFound';
/** Of the mailboxes on the profile, which a preview looks at. */
const preview = {
  MailboxNotFound: 'a preview looks at mailboxes that are there',
  ActNotSupported: 'mailboxes on a profile have none',
} as const;
/** The account of the profile, for both directions. */
const shared = create({ incoming: { host, credentials: 'profile' } });

/** Wrong connections, as what is changed of a profile that was right. */
const wrong = {
  HostMissing: { outgoing: { tls: 'tls' } },
  AnonymousNotValid: { incoming: { credentials: 'anonymous' } },
  WindowsIntegratedNotForIncoming: { incoming: { credentials: 'windowsIntegrated' } },
  WindowsIntegratedNotAllowed: { outgoing: { credentials: 'windowsIntegrated' }, sameSettingsForOutgoing: false },
  ProfileCredentialsNotAllowed: { incoming: { credentials: 'profile' } },
  DirectoryAuthenticationNotForIncoming: { incoming: { authentication: 'ntlm' } },
  DirectoryAuthenticationNotAllowed: { outgoing: { authentication: 'negotiate' } },
  AuthenticationDoesNotFit: { incoming: { authentication: 'oauth' } },
  BasicAuthenticationUnencrypted: { incoming: { tls: 'none', authentication: 'basic' } },
  EncryptionRequired: { incoming: { tls: 'none' } },
  PortNotAllowed: { incoming: { port: 25 } },
  NoPermittedPort: { incoming: { port: 'automatic', tls: 'starttls' } },
  OutgoingFollowsIncoming: { outgoing: { credentials: 'profile' } },
  TemplateNotValid: { incoming: { credentials: 'profile' }, loginTemplate: 'nobody' },
  TemplateNeedsProfileCredentials: { incoming: { credentials: 'mailbox' }, loginTemplate: '{mailbox}' },
  FolderTemplateNeedsImap: { incoming: { credentials: 'profile' }, folderTemplate: 'user/{mailbox}' },
} as const satisfies Readonly<Record<string, Omit<CommandInput<'ChangeProfile'>, 'type' | 'profileId'>>>;
type Wrong = keyof typeof wrong;

/** The deployment in which each of them is wrong, where that is not the default one. */
const policies: Readonly<Partial<Record<Wrong, CommandStories['accepted']['deployment']>>> = {
  ProfileCredentialsNotAllowed: { allowProfileCredentialsForIncoming: false },
  PortNotAllowed: { ports: 'commercial-2025' },
  NoPermittedPort: { ports: 'commercial-2025' },
};
const of = <Made>(tags: readonly Wrong[], story: (tag: Wrong) => Made): Readonly<Record<string, Made>> =>
  Object.fromEntries(tags.map((tag) => [tag, story(tag)]));
const within = (tag: Wrong) => ({ deployment: policies[tag] ?? {} });
const allWrong = Object.keys(wrong) as readonly Wrong[];

/** What was right before each of them: POP3 knows no folders, and a host can be missing only of a server that is new. */
const before = (tag: Wrong): CommandInput<'CreateProfile'> =>
  tag === 'FolderTemplateNeedsImap'
    ? create({ serverType: 'pop3-smtp' })
    : tag === 'HostMissing'
      ? create({ outgoing: null })
      : support;

const cloned = allWrong.filter((tag) => tag !== 'FolderTemplateNeedsImap' && !tag.startsWith('Template'));

export const profileStories = {
  CreateProfile: {
    accepted: { when: support, then: ['ProfileCreated'], again: ['ProfileCreated'] },
    refused: {
      LocationMissing: { when: create({ incoming: null, outgoing: null }) },
      ...of(
        allWrong.filter((tag) => tag !== 'HostMissing'),
        (tag) => {
          const { incoming, outgoing } = wrong[tag] as Pick<CommandInput<'ChangeProfile'>, 'incoming' | 'outgoing'>;
          return {
            when: {
              ...before(tag),
              ...wrong[tag],
              incoming: { ...support.incoming, ...incoming },
              outgoing: { ...support.outgoing, ...outgoing },
            },
            ...within(tag),
          };
        },
      ),
    },
    never: {
      ...preview,
      ProfileNotFound: 'a preview takes mailboxes of no other organization along',
      HostMissing: 'a new server without a host is no command: InvalidCommand',
      ProfileAlreadyExists: 'the id follows from that of the command, and a repeat is answered as one',
    },
  },
  ChangeProfile: {
    accepted: {
      given: { support },
      when: { type: 'ChangeProfile', profileId, name: 'Sales', incoming: { port: 1993 } },
      then: ['ProfileDescribed', 'ProfileConnectionChanged'],
      again: [],
    },
    refused: {
      [notThere]: { when: { type: 'ChangeProfile', profileId: nowhere.profileId } },
      LocationMissing: {
        given: { support },
        when: { type: 'ChangeProfile', profileId, incoming: null, outgoing: null },
      },
      ...of(allWrong, (tag) => ({
        given: { support: before(tag) },
        when: { type: 'ChangeProfile', profileId, ...wrong[tag] },
        ...within(tag),
      })),
      SecretsReuseNotPermitted: {
        given: { support },
        by: { privileges: ['profiles.write'] },
        when: { type: 'ChangeProfile', profileId, letMailboxSecretsFollow: true },
      },
    },
    never: preview,
  },
  CloneProfile: {
    accepted: {
      given: { support },
      when: { type: 'CloneProfile', profileId },
      then: ['ProfileCreated'],
      again: ['ProfileCreated'],
    },
    refused: {
      [notThere]: { when: { type: 'CloneProfile', profileId: nowhere.profileId } },
      ...of(cloned, (tag) => {
        const { incoming, outgoing } = wrong[tag] as Pick<CommandInput<'CloneProfile'>, 'incoming' | 'outgoing'>;
        const given = tag === 'WindowsIntegratedNotAllowed' ? create({ sameSettingsForOutgoing: false }) : before(tag);
        const ends = { ...(incoming && { incoming }), ...(outgoing && { outgoing }) };
        return {
          given: { support: given },
          when: { type: 'CloneProfile', profileId, serverType: 'imap-smtp', ...ends },
          ...within(tag),
        };
      }),
      TemplateNeedsProfileCredentials: {
        given: { support: create({ incoming: { host, credentials: 'profile' }, loginTemplate: '{mailbox}' }) },
        when: { type: 'CloneProfile', profileId, incoming: { credentials: 'mailbox' } },
      },
      PrivilegeMissing: {
        given: both,
        by: { privileges: ['profiles.write'] },
        when: { type: 'CloneProfile', profileId, moveMailboxes: true },
      },
    },
    never: {
      ...noTest,
      ProfileAlreadyExists: 'the id follows from that of the command, and a repeat is answered as one',
      LocationMissing: 'every profile has a server, and cloning takes none away',
      TemplateNotValid: 'the template was valid in the other profile',
      FolderTemplateNeedsImap: 'a folder template stays behind where it has no meaning',
      SecretsReuseNotPermitted: 'nobody can ask for it here',
      MailboxNotFound: 'the mailboxes are those on the profile',
      ActNotSupported: 'mailboxes on a profile have none',
      MethodNotAllowed: 'the methods stay as they are',
    },
  },
  SetProfileCredentials: {
    accepted: {
      given: { support: shared },
      when: { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'of the profile' },
      then: ['ProfileCredentialsSet'],
      again: ['ProfileCredentialsSet'],
    },
    refused: {
      [notThere]: {
        when: { type: 'SetProfileCredentials', profileId: nowhere.profileId, userName: 'service', password: 'x' },
      },
      CredentialsOverInsecureChannel: {
        given: { support: shared },
        secureChannel: false,
        when: { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'x' },
      },
      CredentialsNotUsed: {
        given: { support },
        when: { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'x' },
      },
      OutgoingFollowsIncoming: {
        given: { support: shared },
        when: { type: 'SetProfileCredentials', profileId, channel: 'outgoing', userName: 'service', password: 'x' },
      },
    },
    never: {
      ...noTest,
      MailboxDeactivated: 'what the run passes over, it tells',
      NoChannelToTest: 'what the run passes over, it tells',
      MailboxNotFound: 'the mailboxes are those on the profile',
      SecretOutdated: 'whoever comes second is tried again with the next version',
    },
  },
  ClearProfileCredentials: {
    accepted: {
      given: {
        support: shared,
        set: { type: 'SetProfileCredentials', profileId, userName: 'service', password: 'of the profile' },
      },
      when: { type: 'ClearProfileCredentials', profileId, channel: 'incoming' },
      then: ['ProfileCredentialsCleared'],
      again: [],
    },
    refused: {
      [notThere]: {
        when: { type: 'ClearProfileCredentials', profileId: nowhere.profileId, channel: 'incoming' },
      },
    },
    never: {},
  },
  ChangeProfileOwner: {
    accepted: {
      given: { support },
      when: { type: 'ChangeProfileOwner', profileId, owner: { kind: 'team', id: 'desk' } },
      then: ['ProfileOwnerChanged'],
      again: [],
    },
    refused: {
      [notThere]: {
        when: { type: 'ChangeProfileOwner', profileId: nowhere.profileId, owner: { kind: 'team', id: 'desk' } },
      },
    },
    never: {},
  },
  ActivateProfile: {
    accepted: {
      given: { support, off: { type: 'DeactivateProfile', profileId } },
      when: { type: 'ActivateProfile', profileId },
      then: ['ProfileActivated'],
      again: [],
    },
    refused: { [notThere]: { when: { type: 'ActivateProfile', profileId: nowhere.profileId } } },
    never: {},
  },
  DeactivateProfile: {
    accepted: {
      given: { support },
      when: { type: 'DeactivateProfile', profileId },
      then: ['ProfileDeactivated'],
      again: [],
    },
    refused: { [notThere]: { when: { type: 'DeactivateProfile', profileId: nowhere.profileId } } },
    never: preview,
  },
  DeleteProfile: {
    accepted: {
      given: both,
      when: { type: 'DeleteProfile', profileId, force: true },
      then: ['ProfileDeleted'],
      again: notThere,
    },
    refused: {
      [notThere]: {
        given: { support },
        by: { organization: 'org-2' },
        when: { type: 'DeleteProfile', profileId },
      },
      ProfileIsDefault: {
        given: { support, settings: { type: 'ConfigureEmailSettings', defaultProfileId: profileId } },
        when: { type: 'DeleteProfile', profileId },
      },
      ProfileHasMailboxes: { given: both, when: { type: 'DeleteProfile', profileId } },
    },
    never: preview,
  },
} as const satisfies { readonly [Type in CommandInput['type']]?: CommandStories<Type> };
