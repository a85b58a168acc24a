import { describe, expect, test } from 'vitest';
import {
  at,
  contextOf,
  facts,
  mailboxId,
  personId,
  profileId,
  registered,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { EmailAddress, type MailChannel } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const on = <Type extends string>(type: Type) => ({ type, context: contextOf(), mailboxId });
const stale = (
  channel: MailChannel,
  reason: Mailbox.StaleReason,
  profileConfiguration: number | null = null,
): Mailbox.Event => Mailbox.ChannelTestInvalidated({ mailboxId, channel, reason, profileId, profileConfiguration });
const stopped = (channel: MailChannel, reason: 'profileRemoved' | 'methodChanged' | 'approvalLost'): Mailbox.Event =>
  Mailbox.ChannelDisabled({ mailboxId, channel, profileId, reason });

describe('methods', () => {
  const set = (methods: Partial<Mailbox.Methods>): Mailbox.SetMailboxMethods => ({
    ...on('SetMailboxMethods'),
    methods,
  });
  const changed = (overrides: Partial<Mailbox.Methods>) =>
    Mailbox.MailboxMethodsChanged({
      mailboxId,
      incoming: 'serverSide',
      outgoing: 'serverSide',
      act: 'none',
      ...overrides,
    });

  test('a changed method concerns its own channel only', () =>
    given(...working)
      .when(set({ outgoing: 'none' }))
      .thenEvents(
        changed({ outgoing: 'none' }),
        stale('outgoing', 'methodChanged'),
        stopped('outgoing', 'methodChanged'),
      ));

  test('what is not given stays, and the same again changes nothing', () => {
    given(...working)
      .when(set({ incoming: 'serverSide' }))
      .thenNothing();
    given(registered({ profileId: null }))
      .when(set({ act: 'outlook' }))
      .thenEvents(changed({ act: 'outlook' }));
  });

  test('what the kind or the profile does not allow is refused', () => {
    given(registered())
      .when(set({ act: 'serverSide' }))
      .thenRejected({ _tag: 'ActNotSupported', field: 'act' });
    given(registered({ kind: 'forward', outgoing: 'none' }))
      .when(set({ outgoing: 'serverSide' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'outgoing' });
  });
});

describe('the address', () => {
  const countess = EmailAddress.orThrow('countess@example.org');
  const change = (address: EmailAddress | null): Mailbox.ChangeMailboxAddress => ({
    ...on('ChangeMailboxAddress'),
    address,
  });
  const changed = (address: EmailAddress | null) => Mailbox.MailboxAddressChanged({ mailboxId, personId, address });

  test('a new one waits for approval and was never tested', () => {
    given(...working)
      .when(change(countess))
      .thenEvents(
        changed(countess),
        stale('incoming', 'addressChanged'),
        stopped('incoming', 'approvalLost'),
        stale('outgoing', 'addressChanged'),
        stopped('outgoing', 'approvalLost'),
      );
    const state = given(registered(), Mailbox.MailboxApproved({ mailboxId }), changed(countess)).state();
    expect(state).toMatchObject({ approval: 'pending' });
  });

  test('none at all: approval is empty; a forward mailbox cannot be without', () => {
    expect(given(registered(), changed(null)).state()).toMatchObject({ approval: 'empty' });
    given(registered()).when(change(null)).thenEvents(changed(null));
    given(registered({ kind: 'forward' }))
      .when(change(null))
      .thenRejected({ _tag: 'ForwardMailboxNeedsAddress' });
  });

  test('the same changes nothing', () => given(registered(), changed(countess)).when(change(countess)).thenNothing());
});

describe('the start of processing', () => {
  const start = (processEmailFrom: Date | null, profile: Mailbox.ProfileFacts | null = facts()) =>
    ({ ...on('SetMailboxProcessingStart'), context: contextOf({ at: at(30) }), processEmailFrom, profile }) as const;
  const changed = (processEmailFrom: Date | null, source: Mailbox.StartSource) =>
    Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom, source });

  test('of its own wins, and is recorded once', () => {
    given(registered())
      .when(start(at(3)))
      .thenEvents(changed(at(3), 'mailbox'));
    given(registered(), changed(at(3), 'mailbox'))
      .when(start(at(3)))
      .thenNothing();
  });

  test("without one the profile's counts, and without that the first enabling", () => {
    const own = changed(at(3), 'mailbox');
    given(registered(), own)
      .when(start(null, facts({ processEmailFrom: at(5) })))
      .thenEvents(changed(at(5), 'profile'));
    given(registered(), own).when(start(null)).thenEvents(changed(null, 'firstEnable'));
    given(...working, own)
      .when(start(null))
      .thenEvents(changed(at(30), 'firstEnable'));
    given(...working)
      .when(start(null))
      .thenNothing();
  });
});
