import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandInput, CommandType } from '../commands/command.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import type { DomainEvent } from '../../kernel/events.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { note } from './texts.ts';

// Every field of a command arrives in the event, and what is left out becomes what is documented.

let room: InMemoryMailroom;
const commandId = derivedId('command', 'whole');
beforeEach(() => {
  room = inMemoryMailroom();
});

/** Executes under an id that is known, and gives all that was written, and said. */
const doing = async <Type extends CommandType>(command: CommandInput<Type> & { readonly type: Type }) => {
  const before = (await room.history()).length;
  const { notes, result } = await room.done<Type>(command, { commandId });
  return { events: (await room.history()).slice(before), notes, result };
};
const written = async <Type extends CommandType>(
  command: CommandInput<Type> & { readonly type: Type },
): Promise<readonly DomainEvent[]> => (await doing<Type>(command)).events;

const profileId = derivedId('profile', 'org-1', commandId);
const automatic = { portSource: 'automatic', authentication: 'autoDetect', credentials: 'mailbox' } as const;
const whole = {
  name: 'Support',
  description: 'Berlin',
  serverType: 'imap-smtp',
  incoming: { host: 'mail.example.org', port: 1993, tls: 'starttls', authentication: 'basic', credentials: 'profile' },
  outgoing: { host: 'smtp.example.org', port: 2525, tls: 'tls', authentication: 'basic', credentials: 'profile' },
  sameSettingsForOutgoing: false,
  loginTemplate: '{mailbox}*{user}',
  folderTemplate: 'user/{mailbox}',
  processEmailFrom: new Date(0),
  minimumPollingMinutes: 7,
  maximumConnections: 3,
  connectionTimeLimitMs: 9000,
  alertMail: true,
} as const;
const { name, description: _, serverType, incoming, outgoing, ...others } = whole;
const { processEmailFrom, minimumPollingMinutes, maximumConnections, connectionTimeLimitMs, alertMail, ...templates } =
  others;
const processing = { processEmailFrom, minimumPollingMinutes, maximumConnections, connectionTimeLimitMs, alertMail };
const chosen = { portSource: 'chosen' } as const;

describe('CreateProfile', () => {
  test('with everything', async () =>
    expect(await written({ type: 'CreateProfile', ...whole, owner: { kind: 'team', id: 'desk' } })).toEqual([
      {
        type: 'ProfileCreated',
        data: {
          profileId,
          organizationId: 'org-1',
          ownerKind: 'team',
          ownerId: 'desk',
          ...whole,
          incoming: { ...incoming, ...chosen },
          outgoing: { ...outgoing, ...chosen },
          configuration: 1,
        },
      },
    ]));

  test('with nothing that may be left out', async () =>
    expect(
      await written({ type: 'CreateProfile', name, serverType: 'pop3-smtp', incoming: { host: 'mail.example.org' } }),
    ).toEqual([
      {
        type: 'ProfileCreated',
        data: {
          profileId,
          organizationId: 'org-1',
          ownerKind: 'user',
          ownerId: 'admin',
          name,
          description: null,
          serverType: 'pop3-smtp',
          incoming: { host: 'mail.example.org', port: 995, tls: 'tls', ...automatic },
          outgoing: null,
          sameSettingsForOutgoing: true,
          loginTemplate: null,
          folderTemplate: null,
          processEmailFrom: null,
          minimumPollingMinutes: 0,
          maximumConnections: 10,
          connectionTimeLimitMs: null,
          alertMail: false,
          configuration: 1,
        },
      },
    ]));

  test.each([
    [80, 443],
    [443, 80],
  ])('on ports of the web (%i, %i) says so, of each', async (incomingPort, outgoingPort) => {
    const servers = {
      incoming: { host: 'mail.example.org', port: incomingPort, tls: 'tls' },
      outgoing: { host: 'mail.example.org', port: outgoingPort, tls: 'tls' },
    } as const;
    const { notes } = await doing({ type: 'CreateProfile', name, serverType, ...servers });
    expect(notes).toEqual([incomingPort, outgoingPort].map((port) => note('PortUnusual', { port })));
  });

  test('on other ports has nothing to say', async () =>
    expect((await doing({ type: 'CreateProfile', ...whole })).notes).toEqual([]));
});

describe('of a profile that is there', () => {
  let id: string;
  beforeEach(async () => {
    id = (await room.done({ type: 'CreateProfile', ...whole })).result.profileId;
    for (const channel of ['incoming', 'outgoing'] as const) {
      const account = { userName: 'service', password: 'secret', channel } as const;
      await room.done({ type: 'SetProfileCredentials', profileId: id, ...account });
    }
  });
  const hostChanged = 'the host has changed, and a password goes only where it was entered for';
  const cleared = (channel: 'incoming' | 'outgoing', reason: string) => note('SecretCleared', { channel, reason });

  test('ChangeProfile with everything', async () => {
    const changed = {
      incoming: { port: 2993 },
      loginTemplate: '{mailbox}/{user}',
      folderTemplate: null,
      processEmailFrom: new Date(1000),
      minimumPollingMinutes: 8,
      maximumConnections: 4,
      connectionTimeLimitMs: null,
      alertMail: false,
    };
    const described = { name: 'Help', description: null };
    const events = await written({ type: 'ChangeProfile', profileId: id, ...described, ...changed });
    expect(events).toEqual([
      { type: 'ProfileDescribed', data: { profileId: id, ...described } },
      {
        type: 'ProfileConnectionChanged',
        data: {
          profileId: id,
          ...templates,
          incoming: { ...incoming, ...chosen, port: 2993 },
          outgoing: { ...outgoing, ...chosen },
          loginTemplate: '{mailbox}/{user}',
          folderTemplate: null,
          configuration: 4,
          mailboxSecrets: 'keep',
        },
      },
      {
        type: 'ProfileProcessingChanged',
        data: {
          profileId: id,
          processEmailFrom: new Date(1000),
          minimumPollingMinutes: 8,
          maximumConnections: 4,
          connectionTimeLimitMs: null,
          alertMail: false,
        },
      },
    ]);
  });

  test('ChangeProfile with nothing', async () => {
    expect(await doing({ type: 'ChangeProfile', profileId: id })).toEqual({
      events: [],
      notes: [],
      result: { profileId: id, mailboxes: [] },
    });
  });

  test.each([
    [
      { incoming: { credentials: 'mailbox' } },
      'incoming',
      'this connection does not use credentials of the profile any more',
    ],
    [{ outgoing: { host: 'elsewhere.example.net' }, letMailboxSecretsFollow: true }, 'outgoing', hostChanged],
  ] as const)('ChangeProfile to %j says why the password went', async (change, channel, reason) => {
    const { notes } = await doing({ type: 'ChangeProfile', profileId: id, ...change });
    expect(notes).toEqual([cleared(channel, reason)]);
  });

  test('ChangeProfile to the same settings in both directions takes the account of each from where it was entered for', async () => {
    const { notes } = await doing({ type: 'ChangeProfile', profileId: id, sameSettingsForOutgoing: true });
    expect(notes).toEqual([
      cleared('incoming', hostChanged),
      cleared('outgoing', 'outgoing email uses the settings of incoming email now'),
    ]);
  });

  test('ClearProfileCredentials takes the account of one direction', async () => {
    expect(await written({ type: 'ClearProfileCredentials', profileId: id, channel: 'outgoing' })).toEqual([
      {
        type: 'ProfileCredentialsCleared',
        data: { profileId: id, channel: 'outgoing', reason: 'asked', configuration: 4 },
      },
    ]);
  });

  describe('CloneProfile', () => {
    const cloned = async (command: object): Promise<unknown> => {
      const [event] = await written({ type: 'CloneProfile', profileId: id, ...command });
      return event?.data;
    };

    test('speaks the other protocol, and is like it in all that concerns both', async () => {
      expect(await cloned({})).toEqual({
        profileId,
        organizationId: 'org-1',
        ownerKind: 'user',
        ownerId: 'admin',
        name: 'Support (POP3)',
        description: 'Berlin',
        serverType: 'pop3-smtp',
        ...templates,
        folderTemplate: null,
        incoming: { ...incoming, port: 110, portSource: 'automatic' },
        outgoing: { ...outgoing, ...chosen },
        ...processing,
        configuration: 1,
      });
    });

    test('takes what is given over what was there, and keeps what was chosen for the same protocol', async () => {
      const given = {
        name: 'Again',
        serverType: 'imap-smtp',
        incoming: { host: 'imap.example.net' },
        outgoing: { port: 587, tls: 'starttls' },
      } as const;
      expect(await cloned(given)).toMatchObject({
        name: 'Again',
        serverType: 'imap-smtp',
        incoming: { ...incoming, ...chosen, host: 'imap.example.net' },
        outgoing: { ...outgoing, ...chosen, port: 587, tls: 'starttls' },
        folderTemplate: 'user/{mailbox}',
      });
    });

    test('has a name that fits, however long the first one is', async () => {
      const long = `${'x'.repeat(92)} ${'y'.repeat(7)}`;
      await room.done({ type: 'ChangeProfile', profileId: id, name: long });
      expect(await cloned({})).toMatchObject({ name: `${'x'.repeat(92)} (POP3)` });
    });

    test('of one that only collects only collects, unless a server is given', async () => {
      await room.done({ type: 'ChangeProfile', profileId: id, outgoing: null, sameSettingsForOutgoing: true });
      expect(await cloned({})).toMatchObject({ outgoing: null });
      const both = await room.done({
        type: 'CloneProfile',
        profileId: id,
        outgoing: { host: 'smtp.example.net' },
      });
      expect((await room.history()).at(-1)?.data).toMatchObject({
        profileId: both.result.profileId,
        outgoing: { host: 'smtp.example.net', port: 587, tls: 'starttls', ...automatic, credentials: 'profile' },
      });
    });

    test('of one that is not there is refused', async () => {
      const missing = derivedId('no profile');
      expect(await room.refused({ type: 'CloneProfile', profileId: missing })).toMatchObject({
        _tag: 'ProfileNotFound',
        field: 'profileId',
        text: { params: { profileId: missing } },
      });
    });

    test('that moves no mailboxes says so', async () => {
      const { result } = await doing({ type: 'CloneProfile', profileId: id, moveMailboxes: true });
      expect(result).toEqual({ profileId, mailboxes: [] });
    });
  });
});
