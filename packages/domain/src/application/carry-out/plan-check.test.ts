import { describe, expect, test } from 'vitest';
import { erased } from '../../kernel/personal.ts';
import { MailboxDeactivated } from '../../mailbox/index.ts';
import type * as Profile from '../../profile/index.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import { existingMailbox, existingProfile, profileAccount } from '../../testing/existing.ts';
import {
  contextOf,
  credentialsSet,
  mailboxId,
  organizationId,
  profileId,
  registered,
  secret,
  userName,
} from '../../testing/sample-mailbox.ts';
import { Host, type MailChannel } from '../../values/index.ts';
import { planCheck } from './plan-check.ts';

const host = Host.orThrow('mail.example.org');
const smtp = Host.orThrow('smtp.example.org');
const planned = (
  profile: Profile.Existing | null,
  channel: MailChannel = 'incoming',
  mailbox = existingMailbox(),
  deployment = defaultDeployment,
) => planCheck(mailbox, profile, channel, deployment);

describe('a check', () => {
  test('of a mailbox with credentials of its own logs in with these, at the server of its direction', () => {
    const profile = existingProfile({ connection: { incoming: { host }, outgoing: { host: smtp } } });
    const own = {
      userName,
      kind: 'password',
      secret: { ref: secret, owner: { organizationId, kind: 'mailbox', ownerId: mailboxId, field: 'password' } },
      ofProfile: false,
      identity: `mailbox/${mailboxId}`,
      maximumConnections: profile.processing.maximumConnections,
    };
    const target = {
      mechanism: 'auto',
      address: 'ada@example.org',
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: null,
    };
    expect(planned(profile)).toEqual({
      _tag: 'Planned',
      check: { ...own, target: { ...target, protocol: 'imap', host, port: 993, tls: 'tls' } },
    });
    expect(planned(profile, 'outgoing')).toEqual({
      _tag: 'Planned',
      check: { ...own, target: { ...target, protocol: 'smtp', host: smtp, port: 587, tls: 'starttls' } },
    });
  });

  test('goes by the templates, the protocol, the limits and the account of the profile', () => {
    const connection: Profile.ConnectionInput = {
      incoming: { host, port: 10110, tls: 'starttls', authentication: 'basic', credentials: 'profile' },
      outgoing: { host: smtp },
      loginTemplate: '{mailbox}*{user}',
      folderTemplate: null,
    };
    const processing = { maximumConnections: 3, connectionTimeLimitMs: 20_000 };
    const profile = existingProfile({ serverType: 'pop3-smtp', connection, processing }, profileAccount('incoming'));
    const account = { userName: 'collector-incoming', kind: 'password', ofProfile: true };
    const owner = { organizationId, kind: 'profile', ownerId: profileId, field: 'incoming' };
    expect(planned(profile)).toEqual({
      _tag: 'Planned',
      check: {
        ...account,
        target: {
          protocol: 'pop3',
          host,
          port: 10110,
          tls: 'starttls',
          mechanism: 'basic',
          address: 'ada@example.org',
          loginTemplate: '{mailbox}*{user}',
          folderTemplate: null,
          deadlineMs: 20_000,
        },
        secret: { ref: { id: 'secret-incoming', version: 1 }, owner },
        identity: `profile/${profileId}`,
        maximumConnections: 3,
      },
    });
    // "Same settings for outgoing": one account for both directions.
    expect(planned(profile, 'outgoing')).toMatchObject({
      check: { ...account, secret: { owner }, target: { protocol: 'smtp', host: smtp, mechanism: 'auto' } },
    });
  });

  test('sends with an account of its own where the settings for outgoing mail are not the same', () => {
    const profile = existingProfile(
      {
        connection: {
          incoming: { host },
          outgoing: { host: smtp, credentials: 'profile' },
          sameSettingsForOutgoing: false,
        },
      },
      profileAccount('outgoing'),
    );
    expect(planned(profile)).toMatchObject({ check: { userName, ofProfile: false } });
    expect(planned(profile, 'outgoing')).toMatchObject({
      check: {
        userName: 'collector-outgoing',
        secret: { ref: { id: 'secret-outgoing' }, owner: { field: 'outgoing' } },
        ofProfile: true,
      },
    });
  });

  test.each([
    [{}, 'password'],
    [{ credentials: 'oauth' }, 'token'],
    [{ authentication: 'basic' }, 'password'],
    [{ credentials: 'oauth', authentication: 'oauth' }, 'token'],
  ] as const)('with %j logs in with a %s', (endpoint, kind) => {
    const profile = existingProfile({ connection: { incoming: { host, ...endpoint } } });
    expect(planned(profile)).toMatchObject({ check: { kind } });
  });
});

describe('nothing is tried', () => {
  const sendingOnly = () => existingProfile({ connection: { outgoing: { host } } });
  const withoutAccount = () => existingProfile({ connection: { incoming: { host, credentials: 'profile' } } });
  const deactivated = () => existingProfile({}, { type: 'DeactivateProfile', context: contextOf(), profileId });
  const leaving = MailboxDeactivated({ mailboxId, profileId, cause: 'asked' });
  const inactive = () => existingMailbox([registered(), credentialsSet, leaving]);
  const off = () => existingMailbox([registered({ incoming: 'none', outgoing: 'none' }), credentialsSet]);
  const bare = () => existingMailbox([registered()]);
  const closed = { ...defaultDeployment, ports: [443] };

  test.each([
    ['of a mailbox that is deactivated', existingProfile, inactive, null],
    ['where no channel is server-side', existingProfile, off, null],
    ['without a profile', () => null, existingMailbox, null],
    ['with a profile that is deactivated', deactivated, existingMailbox, null],
    ['without a server', sendingOnly, existingMailbox, 'host'],
    ['without credentials', existingProfile, bare, 'secret'],
    ['without the account of the profile', withoutAccount, existingMailbox, 'secret'],
  ] as const)('%s', (_, profile, mailbox, field) => {
    expect(planned(profile(), 'incoming', mailbox())).toMatchObject({
      _tag: 'Stopped',
      outcome: { kind: 'InvalidConfiguration', field },
    });
  });

  test('at a port that is not allowed', () => {
    const outcome = { kind: 'TargetNotAllowed', params: { host, port: 993 }, scope: 'profile', field: 'port' };
    const plan = planned(existingProfile(), 'incoming', existingMailbox(), closed);
    expect(plan).toEqual({ _tag: 'Stopped', outcome });
  });

  test('one direction stops the other no more than it has to', () => {
    expect(planned(sendingOnly(), 'outgoing')).toMatchObject({ _tag: 'Planned' });
    const lost = existingMailbox([registered({ outgoing: 'none' }), credentialsSet]);
    expect(planned(sendingOnly(), 'incoming', lost)).toMatchObject({ outcome: { field: 'host' } });
  });

  test('with a user name whose person was erased: it is as good as none', () => {
    const stopped = (scope: string) => ({
      _tag: 'Stopped',
      outcome: { kind: 'SecretUnavailable', params: {}, scope, field: 'secret' },
    });
    const forgotten = existingMailbox([
      registered(),
      { ...credentialsSet, data: { ...credentialsSet.data, userName: erased } },
    ]);
    expect(planned(existingProfile(), 'incoming', forgotten)).toEqual(stopped('mailbox'));

    const shared = existingProfile(
      { connection: { incoming: { host, credentials: 'profile' } } },
      profileAccount('incoming'),
    );
    const userNames = { ...shared.userNames, incoming: erased } as const;
    expect(planned({ ...shared, userNames })).toEqual(stopped('profile'));
  });
});
