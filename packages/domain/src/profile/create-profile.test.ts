import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import { after, context, create, given, mail, profileId, smtp, stateAfter } from '../testing/profiles.ts';
import { Name } from '../values/index.ts';
import * as Profile from './index.ts';

describe('creating', () => {
  test('fills in what was left out and says which ports it chose', () =>
    given()
      .when(create())
      .thenEvents(
        Profile.ProfileCreated({
          profileId,
          organizationId: context.actor.organizationId,
          ownerKind: 'user',
          ownerId: PrincipalId.orThrow('admin'),
          name: Name.orThrow('Support'),
          description: null,
          serverType: 'imap-smtp',
          incoming: {
            host: mail,
            port: 993,
            portSource: 'automatic',
            tls: 'tls',
            authentication: 'autoDetect',
            credentials: 'mailbox',
          },
          outgoing: {
            host: smtp,
            port: 587,
            portSource: 'automatic',
            tls: 'starttls',
            authentication: 'autoDetect',
            credentials: 'mailbox',
          },
          sameSettingsForOutgoing: true,
          loginTemplate: null,
          folderTemplate: null,
          configuration: 1,
          processEmailFrom: null,
          minimumPollingMinutes: 0,
          maximumConnections: 10,
          connectionTimeLimitMs: null,
          alertMail: false,
        }),
      ));

  test.each<[Profile.ServerType, Profile.EndpointInput, number]>([
    ['imap-smtp', {}, 993],
    ['imap-smtp', { tls: 'starttls' }, 143],
    ['imap-smtp', { tls: 'none' }, 143],
    ['pop3-smtp', {}, 995],
    ['pop3-smtp', { tls: 'starttls' }, 110],
    ['pop3-smtp', { tls: 'none' }, 110],
  ])('incoming of %s with %o is on port %i', (serverType, input, port) => {
    const state = stateAfter(create({ incoming: { host: mail, ...input } }, { allowUnencrypted: true }, serverType));
    expect(state.connection.incoming).toMatchObject({ port, portSource: 'automatic' });
  });

  test.each<[Profile.EndpointInput, Profile.ProfileRules['ports'], number, string]>([
    [{}, 'unrestricted', 587, 'starttls'],
    [{ tls: 'tls' }, 'unrestricted', 465, 'tls'],
    [{ tls: 'none' }, 'unrestricted', 25, 'none'],
    [{}, 'commercial-2025', 587, 'starttls'],
    [{}, 'government-2017', 465, 'tls'],
    [{}, [465], 465, 'tls'],
    [{ port: 465 }, 'unrestricted', 465, 'tls'],
    [{ port: 2525 }, 'unrestricted', 2525, 'starttls'],
  ])('outgoing with %o under %o is on port %i with %s', (input, ports, port, tls) => {
    const state = stateAfter(create({ outgoing: { host: smtp, ...input } }, { ports, allowUnencrypted: true }));
    expect(state.connection.outgoing).toMatchObject({ port, tls });
  });

  test('again with the same id is refused', () =>
    given(...after(create()))
      .when(create())
      .thenRejected({ _tag: 'ProfileAlreadyExists', field: 'profileId' }));

  test('one direction is enough', () => {
    expect(stateAfter(create({ incoming: { host: mail } })).connection.outgoing).toBeNull();
    const onlyOutgoing = stateAfter(create({ outgoing: { host: smtp, credentials: 'profile' } })).connection;
    expect(onlyOutgoing).toMatchObject({ incoming: null, sameSettingsForOutgoing: false });
    expect(onlyOutgoing.outgoing?.credentials).toBe('profile');
  });

  test('with the same settings, outgoing takes the credentials of incoming', () => {
    const { connection } = stateAfter(
      create({ incoming: { host: mail, credentials: 'profile' }, outgoing: { host: smtp } }),
    );
    expect(connection.outgoing?.credentials).toBe('profile');
  });
});
