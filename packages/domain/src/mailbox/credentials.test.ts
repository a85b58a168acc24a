import { describe, expect, test } from 'vitest';
import {
  at,
  contextOf,
  credentialsSet,
  disabled,
  facts,
  mailboxId,
  profileId,
  registered,
  secret,
  testRequested,
  userName,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { type MailChannel, UserName } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const set = (overrides: Partial<Mailbox.SetMailboxCredentials> = {}): Mailbox.SetMailboxCredentials => ({
  type: 'SetMailboxCredentials',
  context: contextOf(),
  mailboxId,
  userName,
  secret,
  profile: facts(),
  insecureChannelAllowed: false,
  ...overrides,
});
const second = { id: 'ada-second-password', version: 2 };
const stale = (channel: MailChannel): Mailbox.Event =>
  Mailbox.ChannelTestInvalidated({
    mailboxId,
    channel,
    reason: 'credentialsChanged',
    profileId,
    profileConfiguration: null,
  });

describe('the mailbox’s own credentials', () => {
  test('are recorded once, by reference', () => {
    given(registered()).when(set()).thenEvents(credentialsSet);
    given(registered(), credentialsSet).when(set()).thenNothing();
  });

  test('that stop working one day are announced once, and only while they are kept', () => {
    const expiresOn = at(7);
    const set7 = Mailbox.MailboxCredentialsSet({ ...credentialsSet.data, expiresOn });
    given(registered()).when(set({ expiresOn })).thenEvents(set7);
    const announce = { type: 'AnnounceMailboxCredentialsExpiry', context: contextOf(), mailboxId, secret } as const;
    const announced = Mailbox.MailboxCredentialsExpiryAnnounced({ mailboxId, expiresOn });
    given(registered(), set7).when(announce).thenEvents(announced);
    given(registered(), set7, announced).when(announce).thenNothing();
    for (const other of [second, { ...secret, version: 2 }, { ...secret, id: 'another' }]) {
      given(registered(), set7)
        .when({ ...announce, secret: other })
        .thenNothing();
    }
    given(registered(), credentialsSet).when(announce).thenNothing();
    const cleared = Mailbox.MailboxCredentialsCleared({ mailboxId, reason: 'asked', channels: [] });
    given(registered(), set7, cleared).when(announce).thenNothing();
  });

  test('a new secret or user name makes stale what was found with the old one', () => {
    const expected = [stale('incoming'), disabled('incoming', 'invalidated'), stale('outgoing')];
    const { decision } = given(...working).when(set({ secret: second }));
    expect(decision).toMatchObject({
      right: [{ type: 'MailboxCredentialsSet' }, ...expected, { type: 'ChannelDisabled' }],
    });
    const other = UserName.orThrow('ada');
    expect(given(...working).when(set({ userName: other })).decision).toMatchObject({ right: { length: 5 } });
  });

  test('concern only the channels that log in with them', () => {
    const profile = facts({ ownCredentials: { incoming: true, outgoing: false } });
    const { decision } = given(...working).when(set({ secret: second, profile }));
    expect(decision).toMatchObject({
      right: [{ data: { channels: ['incoming'] } }, stale('incoming'), disabled('incoming', 'invalidated')],
    });
  });

  test('over a channel that is not secure they are refused, unless the deployment allows it', () => {
    const context = contextOf({ secureChannel: false });
    given(registered())
      .when(set({ context }))
      .thenRejected({ _tag: 'CredentialsOverInsecureChannel', field: 'secret' });
    given(registered())
      .when(set({ context, insecureChannelAllowed: true }))
      .thenEvents(credentialsSet);
  });

  test('entered after a host changed, they are for the new host: the change that comes later leaves them', () => {
    const profile = facts({ configuration: 2, secretsCutOffAt: 2 });
    const { decision } = given(registered()).when(set({ profile }));
    const events = decision._tag === 'Right' ? decision.right : [];
    expect(events.map(({ type }) => type)).toEqual(['MailboxProfileChangeApplied', 'MailboxCredentialsSet']);
    given(registered(), ...events)
      .when({ type: 'ApplyProfileChange', context: contextOf(), mailboxId, profile })
      .thenNothing();
  });

  test('a change cancels the test that runs with the old ones', () => {
    const { decision } = given(registered(), credentialsSet, testRequested('open')).when(set({ secret: second }));
    expect(decision).toMatchObject({ right: [{}, { type: 'MailboxTestCancelled' }] });
  });
});

describe('clearing them', () => {
  const clear = { type: 'ClearMailboxCredentials', context: contextOf(), mailboxId, reason: 'asked' } as const;
  const cleared = Mailbox.MailboxCredentialsCleared({
    mailboxId,
    reason: 'asked',
    channels: ['incoming', 'outgoing'],
  });

  test('takes them away once', () => {
    given(registered(), credentialsSet)
      .when({ ...clear, profile: facts() })
      .thenEvents(cleared);
    given(registered())
      .when({ ...clear, profile: facts() })
      .thenNothing();
  });

  test('what worked with them stops', () =>
    given(...working)
      .when({ ...clear, profile: facts({ ownCredentials: { incoming: true, outgoing: false } }) })
      .thenEvents(
        Mailbox.MailboxCredentialsCleared({ mailboxId, reason: 'asked', channels: ['incoming'] }),
        stale('incoming'),
        disabled('incoming', 'invalidated'),
      ));
});
