import { expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import { replay } from '../kernel/decider.ts';
import { ada, at, organizationId, personId, profileId, secret, userName } from '../testing/sample-mailbox.ts';
import { Host, Name } from '../values/index.ts';
import * as Profile from './index.ts';

const connection = {
  incoming: null,
  outgoing: null,
  sameSettingsForOutgoing: true,
  loginTemplate: null,
  folderTemplate: null,
};
const processing = {
  processEmailFrom: null,
  minimumPollingMinutes: 0,
  maximumConnections: 10,
  connectionTimeLimitMs: null,
  alertMail: false,
};
const owner = { ownerKind: 'user', ownerId: ada } as const;
const described = { name: Name.orThrow('Support'), description: null };
const kept = { organizationId, ...described, serverType: 'imap-smtp' } as const;
const created = Profile.ProfileCreated({
  profileId,
  ...kept,
  ...owner,
  ...connection,
  ...processing,
  configuration: 1,
});
const asCreated: Profile.Existing = {
  _tag: 'Existing',
  ...kept,
  owner,
  active: true,
  connection,
  processing,
  accounts: { incoming: null, outgoing: null },
  userNames: { incoming: null, outgoing: null },
  secretVersions: { incoming: 0, outgoing: 0 },
  expiryToAnnounce: { incoming: null, outgoing: null },
  configuration: 1,
  mailboxSecrets: { clearedAt: 0, followedAt: 0 },
};
const after = (...events: readonly Profile.Event[]) => replay(Profile.decider, [created, ...events]);

const endpoint = {
  host: Host.orThrow('mail.example.org'),
  port: 993,
  portSource: 'automatic',
  tls: 'tls',
  authentication: 'autoDetect',
  credentials: 'mailbox',
} as const;
const other = {
  incoming: endpoint,
  outgoing: { ...endpoint, port: 587 },
  sameSettingsForOutgoing: false,
  loginTemplate: '{mailbox}*{user}',
  folderTemplate: 'user/{mailbox}',
};
const reconnected = (mailboxSecrets: 'keep' | 'follow' | 'clear', configuration = 2) =>
  Profile.ProfileConnectionChanged({ profileId, ...other, configuration, mailboxSecrets });
const set = (channel: 'incoming' | 'outgoing', version: number, expiresOn: Date | null = null) =>
  Profile.ProfileCredentialsSet({
    profileId,
    personId,
    channel,
    userName,
    secret: { ...secret, version },
    expiresOn,
    configuration: version + 1,
  });
const announced = Profile.ProfileCredentialsExpiryAnnounced({ profileId, channel: 'incoming', expiresOn: at(7) });
const cleared = Profile.ProfileCredentialsCleared({
  profileId,
  channel: 'incoming',
  reason: 'asked',
  configuration: 9,
});
const off = Profile.ProfileDeactivated({ profileId });
const limits = {
  processEmailFrom: at(1),
  minimumPollingMinutes: 5,
  maximumConnections: 3,
  connectionTimeLimitMs: 1000,
  alertMail: true,
};
const team = { ownerKind: 'team', ownerId: PrincipalId.orThrow('team') } as const;
const name = { name: Name.orThrow('Sales'), description: 'for all' };

test('a profile begins active, without accounts', () => expect(after()).toEqual(asCreated));

/** What one more event changes of what is remembered; all else stays. */
test.each<readonly [string, readonly Profile.Event[], Profile.Event, Partial<Profile.Existing>]>([
  ['another name', [], Profile.ProfileDescribed({ profileId, ...name }), name],
  ['another owner', [], Profile.ProfileOwnerChanged({ profileId, ...team }), { owner: team }],
  ['other limits', [], Profile.ProfileProcessingChanged({ profileId, ...limits }), { processing: limits }],
  ['another connection', [], reconnected('keep'), { connection: other, configuration: 2 }],
  [
    'one that takes the secrets of its mailboxes away',
    [],
    reconnected('clear'),
    { connection: other, configuration: 2, mailboxSecrets: { clearedAt: 2, followedAt: 0 } },
  ],
  [
    'one that they follow, after that',
    [reconnected('clear')],
    reconnected('follow', 3),
    { configuration: 3, mailboxSecrets: { clearedAt: 2, followedAt: 3 } },
  ],
  [
    'one for which they stay, after both',
    [reconnected('follow'), reconnected('clear', 3)],
    reconnected('keep', 4),
    { configuration: 4, mailboxSecrets: { clearedAt: 3, followedAt: 2 } },
  ],
  [
    'an account',
    [],
    set('incoming', 1),
    {
      accounts: { incoming: secret, outgoing: null },
      userNames: { incoming: userName, outgoing: null },
      secretVersions: { incoming: 1, outgoing: 0 },
      configuration: 2,
    },
  ],
  [
    'a second account',
    [set('incoming', 1)],
    set('outgoing', 2),
    {
      accounts: { incoming: secret, outgoing: { ...secret, version: 2 } },
      userNames: { incoming: userName, outgoing: userName },
      secretVersions: { incoming: 1, outgoing: 2 },
      configuration: 3,
    },
  ],
  [
    'the loss of one, whose version is not used again',
    [set('incoming', 1), set('outgoing', 2)],
    cleared,
    {
      accounts: { incoming: null, outgoing: { ...secret, version: 2 } },
      userNames: { incoming: null, outgoing: userName },
      configuration: 9,
    },
  ],
  [
    'when the secret of an account stops working',
    [set('incoming', 1, at(7))],
    set('outgoing', 2, at(8)),
    {
      accounts: { incoming: secret, outgoing: { ...secret, version: 2 } },
      userNames: { incoming: userName, outgoing: userName },
      secretVersions: { incoming: 1, outgoing: 2 },
      expiryToAnnounce: { incoming: at(7), outgoing: at(8) },
      configuration: 3,
    },
  ],
  [
    'that somebody was told of it',
    [set('incoming', 1, at(7)), set('outgoing', 2, at(8))],
    announced,
    { expiryToAnnounce: { incoming: null, outgoing: at(8) } },
  ],
  [
    'the loss of one that was to stop working',
    [set('incoming', 1, at(7)), set('outgoing', 2, at(8))],
    cleared,
    {
      accounts: { incoming: null, outgoing: { ...secret, version: 2 } },
      userNames: { incoming: null, outgoing: userName },
      expiryToAnnounce: { incoming: null, outgoing: at(8) },
      configuration: 9,
    },
  ],
  ['a pause of all', [], off, { active: false }],
  ['the end of it', [off], Profile.ProfileActivated({ profileId }), { active: true }],
])('%s', (_, before, event, changes) => {
  expect(after(...before, event)).toEqual({ ...after(...before), ...changes });
});

test('a profile that is deleted is gone for good, and one that was never created is not there', () => {
  const deleted = Profile.ProfileDeleted({ profileId, mailboxes: 0 });
  expect(after(deleted)).toEqual({ _tag: 'Deleted' });
  expect(after(deleted, set('incoming', 1))).toEqual({ _tag: 'Deleted' });
  expect(replay(Profile.decider, [off])).toEqual({ _tag: 'NoProfile' });
});
