import { describe, expect, test } from 'vitest';
import { contextOf } from '../testing/contexts.ts';
import {
  after,
  change,
  context,
  create,
  credentials,
  elsewhere,
  findings,
  given,
  mail,
  profileId,
  separate,
  shared,
  stateAfter,
  strict,
  types,
} from '../testing/profiles.ts';
import { Host, personIdOf, UserName } from '../values/index.ts';
import * as Profile from './index.ts';

describe('credentials of the profile', () => {
  test('are recorded by reference', () =>
    given(...after(create(shared)))
      .when(credentials())
      .thenEvents(
        Profile.ProfileCredentialsSet({
          profileId,
          personId: personIdOf('org-1', 'profile', profileId),
          channel: 'incoming',
          userName: UserName.orThrow('service@example.org'),
          secret: { id: 'secret of incoming', version: 1 },
          expiresOn: null,
          configuration: 2,
        }),
      ));

  test('that stop working one day are announced once, and only while they are in use', () => {
    const expiresOn = new Date('2026-03-01T00:00:00.000Z');
    const set = { ...credentials(), expiresOn };
    const { secret } = set;
    const announce = { type: 'AnnounceProfileCredentialsExpiry', context, profileId, channel: 'incoming' } as const;
    const announced = Profile.ProfileCredentialsExpiryAnnounced({ profileId, channel: 'incoming', expiresOn });
    const history = after(create(separate), set);
    given(...history)
      .when({ ...announce, secret })
      .thenEvents(announced);
    given(...history, announced)
      .when({ ...announce, secret })
      .thenNothing();
    for (const other of [
      { ...secret, version: 2 },
      { ...secret, id: 'another' },
    ]) {
      given(...history)
        .when({ ...announce, secret: other })
        .thenNothing();
    }
    given(...history)
      .when({ ...announce, channel: 'outgoing', secret })
      .thenNothing();
    given(...after(create(separate), credentials()))
      .when({ ...announce, secret })
      .thenNothing();
    given(...after(create(separate), set, credentials('incoming', 2)))
      .when({ ...announce, secret })
      .thenNothing();
  });

  test.each<[string, Profile.SetProfileCredentials, Profile.ConnectionInput, readonly string[]]>([
    [
      'over an insecure channel',
      { ...credentials(), context: contextOf({ secureChannel: false }) },
      shared,
      ['password CredentialsOverInsecureChannel'],
    ],
    ['where they are not used', credentials(), { incoming: { host: mail } }, ['channel CredentialsNotUsed']],
    [
      'for outgoing, which uses those of incoming',
      credentials('outgoing'),
      shared,
      ['channel OutgoingFollowsIncoming'],
    ],
    [
      'for a direction that is not there',
      credentials('outgoing'),
      { incoming: { host: mail } },
      ['channel CredentialsNotUsed'],
    ],
    ['with a version that is taken', credentials('incoming', 2), shared, ['password SecretOutdated']],
  ])('are refused %s', (_name, command, connection, expected) =>
    expect(findings(command, create(connection))).toEqual(expected),
  );

  test('are accepted over an insecure channel where the deployment allows it', () => {
    const command = {
      ...credentials(),
      context: contextOf({ secureChannel: false }),
      rules: { ...strict, allowCredentialsOverInsecureChannel: true },
    };
    expect(findings(command, create(shared))).toEqual([]);
  });

  test('count their versions on, also after they were taken away', () => {
    const clear: Profile.Command = { type: 'ClearProfileCredentials', context, profileId, channel: 'incoming' };
    expect(types(clear, create(shared))).toEqual([]);
    expect(types(clear, create(shared), credentials())).toEqual(['ProfileCredentialsCleared']);
    expect(findings(credentials('incoming', 1), create(shared), credentials(), clear)).toEqual([
      'password SecretOutdated',
    ]);
    expect(stateAfter(create(shared), credentials(), clear, credentials('incoming', 2)).configuration).toBe(4);
  });

  const cleared = (command: Profile.Command, ...before: readonly Profile.Command[]) => {
    const { decision } = given(...after(...before)).when(command);
    if (decision._tag === 'Left') throw new Error(decision.left.text.sentence);
    return decision.right.flatMap((event) =>
      event.type === 'ProfileCredentialsCleared'
        ? [`${event.data.channel} ${event.data.reason} ${event.data.configuration}`]
        : [],
    );
  };

  test.each<[string, Profile.ConnectionInput, Profile.ConnectionInput, readonly string[]]>([
    ['stay when the port changes', shared, { incoming: { port: 1993 } }, []],
    [
      'stay when only the spelling of the host changes',
      shared,
      { incoming: { host: Host.orThrow('MAIL.example.org') } },
      [],
    ],
    ['go when the host changes', shared, { incoming: { host: elsewhere } }, ['incoming hostChanged 4']],
    [
      'go when the outgoing host changes that they serve too',
      shared,
      { outgoing: { host: elsewhere } },
      ['incoming hostChanged 4'],
    ],
    [
      'stay when the other direction changes its host',
      separate,
      { outgoing: { host: elsewhere } },
      ['outgoing hostChanged 5'],
    ],
    [
      'go when the mailboxes use their own',
      shared,
      { incoming: { credentials: 'mailbox' } },
      ['incoming methodChanged 4'],
    ],
    [
      'of outgoing go, with "same settings", and those of incoming would go to another host',
      separate,
      { sameSettingsForOutgoing: true },
      ['incoming hostChanged 5', 'outgoing sameSettingsForOutgoing 6'],
    ],
  ])('%s', (_name, connection, changes, expected) => {
    const before =
      connection === shared
        ? [create(shared), credentials()]
        : [create(separate), credentials('incoming'), credentials('outgoing')];
    expect(cleared(change(changes), ...before)).toEqual(expected);
  });

  test('of outgoing go with "same settings" while those of incoming stay on the same host', () => {
    const oneHost: Profile.ConnectionInput = {
      incoming: { host: mail, credentials: 'profile' },
      outgoing: { host: mail, credentials: 'profile' },
      sameSettingsForOutgoing: false,
    };
    const before = [create(oneHost), credentials('incoming'), credentials('outgoing')];
    expect(cleared(change({ sameSettingsForOutgoing: true }), ...before)).toEqual([
      'outgoing sameSettingsForOutgoing 5',
    ]);
  });
});
