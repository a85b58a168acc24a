import { describe, expect, test } from 'vitest';
import { create, findings, given, mail, smtp } from '../testing/profiles.ts';
import type * as Profile from './index.ts';

describe('what is not a profile is told field by field', () => {
  test.each<[string, Profile.CreateProfile, readonly string[]]>([
    ['no server at all', create({}), ['incoming LocationMissing']],
    ['no host', create({ incoming: {} }), ['incoming.host HostMissing']],
    ['no encryption', create({ incoming: { host: mail, tls: 'none' } }), ['incoming.tls EncryptionRequired']],
    [
      'anonymous',
      create({ incoming: { host: mail, credentials: 'anonymous' }, outgoing: { host: smtp } }),
      ['incoming.credentials AnonymousNotValid'],
    ],
    [
      'anonymous for outgoing alone',
      create({
        incoming: { host: mail },
        outgoing: { host: smtp, credentials: 'anonymous' },
        sameSettingsForOutgoing: false,
      }),
      ['outgoing.credentials AnonymousNotValid'],
    ],
    [
      'Windows Integrated for incoming, even where it is allowed',
      create({ incoming: { host: mail, credentials: 'windowsIntegrated' } }, { allowDirectoryAuthentication: true }),
      ['incoming.credentials WindowsIntegratedNotForIncoming'],
    ],
    [
      'Windows Integrated where it is not allowed',
      create({ outgoing: { host: smtp, credentials: 'windowsIntegrated' } }),
      ['outgoing.credentials WindowsIntegratedNotAllowed'],
    ],
    [
      'profile credentials for incoming where they are not allowed',
      create({ incoming: { host: mail, credentials: 'profile' } }, { allowProfileCredentialsForIncoming: false }),
      ['incoming.credentials ProfileCredentialsNotAllowed'],
    ],
    [
      'NTLM for incoming',
      create({ incoming: { host: mail, authentication: 'ntlm' } }, { allowDirectoryAuthentication: true }),
      ['incoming.authentication DirectoryAuthenticationNotForIncoming'],
    ],
    [
      'Negotiate where it is not allowed',
      create({ outgoing: { host: smtp, authentication: 'negotiate' } }),
      ['outgoing.authentication DirectoryAuthenticationNotAllowed'],
    ],
    [
      'Basic with the credentials of the service',
      create(
        { outgoing: { host: smtp, authentication: 'basic', credentials: 'windowsIntegrated' } },
        { allowDirectoryAuthentication: true },
      ),
      ['outgoing.authentication AuthenticationDoesNotFit'],
    ],
    [
      'OAuth with a password',
      create({ incoming: { host: mail, authentication: 'oauth' } }),
      ['incoming.authentication AuthenticationDoesNotFit'],
    ],
    [
      'NTLM with a token',
      create(
        { outgoing: { host: smtp, authentication: 'ntlm', credentials: 'oauth' } },
        { allowDirectoryAuthentication: true },
      ),
      ['outgoing.authentication AuthenticationDoesNotFit'],
    ],
    [
      'Basic in clear',
      create({ incoming: { host: mail, tls: 'none', authentication: 'basic' } }, { allowUnencrypted: true }),
      ['incoming.authentication BasicAuthenticationUnencrypted'],
    ],
    [
      'a port that is closed',
      create({ incoming: { host: mail, port: 143 } }, { ports: 'commercial-2025' }),
      ['incoming.port PortNotAllowed'],
    ],
    [
      'IMAP where its ports are closed',
      create({ incoming: { host: mail } }, { ports: 'government-2017' }),
      ['incoming.port NoPermittedPort'],
    ],
    [
      'POP3 where its ports are closed',
      create({ incoming: { host: mail } }, { ports: 'commercial-2025' }, 'pop3-smtp'),
      ['incoming.port NoPermittedPort'],
    ],
    [
      'other credentials for outgoing although they are to be the same',
      create({ incoming: { host: mail }, outgoing: { host: smtp, credentials: 'profile' } }),
      ['outgoing.credentials OutgoingFollowsIncoming'],
    ],
    [
      'a login template without the mailbox',
      create({ incoming: { host: mail, credentials: 'profile' }, loginTemplate: '{user}' }),
      ['loginTemplate TemplateNotValid'],
    ],
    [
      'a login template with a misspelt name',
      create({ incoming: { host: mail, credentials: 'profile' }, loginTemplate: '{mailbox}*{usr}' }),
      ['loginTemplate TemplateNotValid'],
    ],
    [
      'a login template that would end the line',
      create({ incoming: { host: mail, credentials: 'profile' }, loginTemplate: '{mailbox}\r\nA1 LOGOUT' }),
      ['loginTemplate TemplateNotValid'],
    ],
    [
      'a login template that is too long',
      create({ incoming: { host: mail, credentials: 'profile' }, loginTemplate: `{mailbox}${'x'.repeat(242)}` }),
      ['loginTemplate TemplateNotValid'],
    ],
    [
      'a template that nobody would use',
      create({ incoming: { host: mail }, loginTemplate: '{mailbox}*{user}' }),
      ['loginTemplate TemplateNeedsProfileCredentials'],
    ],
    [
      'a folder with POP3',
      create({ incoming: { host: mail, credentials: 'profile' }, folderTemplate: 'user/{mailbox}' }, {}, 'pop3-smtp'),
      ['folderTemplate FolderTemplateNeedsImap'],
    ],
    [
      'a folder template with the account',
      create({ incoming: { host: mail, credentials: 'profile' }, folderTemplate: '{user}/{mailbox}' }),
      ['folderTemplate TemplateNotValid'],
    ],
    [
      'many things at once',
      create(
        {
          incoming: { tls: 'none', credentials: 'anonymous', port: 25 },
          outgoing: { host: smtp, port: 26 },
          loginTemplate: 'x',
        },
        { ports: [993, 587] },
      ),
      [
        'incoming.host HostMissing',
        'incoming.tls EncryptionRequired',
        'incoming.port PortNotAllowed',
        'incoming.credentials AnonymousNotValid',
        'outgoing.port PortNotAllowed',
        'loginTemplate TemplateNotValid',
        'loginTemplate TemplateNeedsProfileCredentials',
      ],
    ],
  ])('%s', (_name, command, expected) => expect(findings(command)).toEqual(expected));

  test('the closed port is told with those that are open', () =>
    given()
      .when(create({ incoming: { host: mail, port: 143 } }, { ports: [993, 587, 465] }))
      .thenRejected({
        text: {
          key: 'rejection.PortNotAllowed',
          params: { port: 143, allowed: '993, 587 or 465' },
          sentence: 'Port 143 is closed in this installation. Choose one that is open: 993, 587 or 465.',
        },
      }));
});

describe('what a deployment allows, it allows', () => {
  test.each<[string, Profile.CreateProfile]>([
    ['no encryption', create({ incoming: { host: mail, tls: 'none' } }, { allowUnencrypted: true })],
    [
      'Basic in clear',
      create(
        { incoming: { host: mail, tls: 'none', authentication: 'basic' } },
        { allowUnencrypted: true, allowBasicAuthenticationUnencrypted: true },
      ),
    ],
    [
      'Windows Integrated and NTLM for outgoing',
      create(
        { outgoing: { host: smtp, credentials: 'windowsIntegrated', authentication: 'ntlm' } },
        { allowDirectoryAuthentication: true },
      ),
    ],
    ['a chosen port', create({ incoming: { host: mail, port: 1993 } })],
    ['OAuth with a token', create({ incoming: { host: mail, credentials: 'oauth', authentication: 'oauth' } })],
    [
      'templates',
      create({
        incoming: { host: mail, credentials: 'profile' },
        loginTemplate: `{mailbox}*{user}${'x'.repeat(234)}`,
        folderTemplate: 'user/{mailbox}',
      }),
    ],
  ])('%s', (_name, command) => expect(findings(command)).toEqual([]));
});
