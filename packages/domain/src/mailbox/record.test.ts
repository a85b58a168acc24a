import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import {
  contextOf,
  disabled,
  fromElsewhere,
  mailboxId,
  personId,
  profileId,
  record,
  registered,
  request,
  testId,
  testRequested,
  passed,
  working,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { Name } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const on = <Type extends string>(type: Type) => ({ type, context: contextOf(), mailboxId });
const approved = Mailbox.MailboxApproved({ mailboxId });
const rejected = Mailbox.MailboxRejected({ mailboxId });
const activated = Mailbox.MailboxActivated({ mailboxId, profileId });
const deactivated = Mailbox.MailboxDeactivated({ mailboxId, profileId, cause: 'asked' });
const invalidated = (channel: 'incoming' | 'outgoing') =>
  Mailbox.ChannelTestInvalidated({ mailboxId, channel, reason: 'approvalLost', profileId, profileConfiguration: null });
const cancelled = (reason: 'asked' | 'configurationChanged' | 'deactivated') =>
  Mailbox.MailboxTestCancelled({
    mailboxId,
    testId: testId('open'),
    runId: null,
    channels: ['incoming', 'outgoing'],
    reason,
  });

describe('approving', () => {
  test('an address is approved once', () => {
    given(registered()).when(on('ApproveMailbox')).thenEvents(approved);
    given(registered(), approved).when(on('ApproveMailbox')).thenNothing();
    given(registered(), rejected).when(on('ApproveMailbox')).thenEvents(approved);
  });

  test('approving enables nothing and needs no new test', () => {
    given(...working)
      .when(on('ApproveMailbox'))
      .thenEvents(approved);
    expect(given(...working, approved).state()).toMatchObject({ channels: { incoming: { enabled: true } } });
  });

  test('without an address there is nothing to approve', () =>
    given(registered({ address: null }))
      .when(on('ApproveMailbox'))
      .thenRejected({ _tag: 'AddressMissing', field: 'address' }));
});

describe('rejecting', () => {
  test('what was tested no longer counts, and both channels stop', () =>
    given(...working, approved)
      .when(on('RejectMailbox'))
      .thenEvents(
        rejected,
        invalidated('incoming'),
        disabled('incoming', 'rejected'),
        invalidated('outgoing'),
        disabled('outgoing', 'rejected'),
      ));

  test('an open test is cancelled', () =>
    given(registered(), testRequested('open'))
      .when(on('RejectMailbox'))
      .thenEvents(rejected, cancelled('configurationChanged')));

  test('twice changes nothing, and without an address it is refused', () => {
    given(registered(), rejected).when(on('RejectMailbox')).thenNothing();
    given(registered({ address: null }))
      .when(on('RejectMailbox'))
      .thenRejected({ _tag: 'AddressMissing' });
  });
});

describe('activating and deactivating', () => {
  const deactivate = { ...on('DeactivateMailbox'), cause: 'asked' } as const;

  test('deactivating takes the channels out of service and keeps what was found', () => {
    given(...working)
      .when(deactivate)
      .thenEvents(
        deactivated,
        Mailbox.ChannelDisabled({ mailboxId, channel: 'incoming', profileId, reason: 'deactivated' }),
        Mailbox.ChannelDisabled({ mailboxId, channel: 'outgoing', profileId, reason: 'deactivated' }),
      );
    const events = given(...working).when(deactivate).decision;
    const after = events._tag === 'Right' ? given(...working, ...events.right).state() : null;
    expect(after).toMatchObject({ active: false, channels: { incoming: { status: 'success', enabled: false } } });
  });

  test('deactivating cancels the open test; its result comes too late', () => {
    given(registered(), testRequested('open')).when(deactivate).thenEvents(cancelled('deactivated'), deactivated);
    given(registered(), testRequested('open'), cancelled('deactivated'), deactivated)
      .when(record('open', 'incoming', passed))
      .thenEvents(
        Mailbox.ChannelTestSuperseded({
          mailboxId,
          testId: testId('open'),
          channel: 'incoming',
          reason: 'deactivated',
        }),
      );
  });

  test('a deactivated mailbox is not tested; once activated it is', () => {
    given(registered(), deactivated).when(request('first')).thenRejected({ _tag: 'MailboxDeactivated' });
    given(registered(), deactivated, activated).when(request('first')).thenEvents(testRequested('first'));
  });

  test('each takes effect once', () => {
    given(registered(), deactivated).when(deactivate).thenNothing();
    given(registered(), deactivated).when(on('ActivateMailbox')).thenEvents(activated);
    given(registered()).when(on('ActivateMailbox')).thenNothing();
  });
});

describe('renaming and giving to another owner', () => {
  const name = Name.orThrow('Countess of Lovelace');
  const rename = { ...on('RenameMailbox'), name };
  const team = { ownerKind: 'team', ownerId: PrincipalId.orThrow('mathematicians') } as const;
  const give = { ...on('ChangeMailboxOwner'), ...team };

  test('each is recorded once', () => {
    const renamed = Mailbox.MailboxRenamed({ mailboxId, personId, name });
    given(registered()).when(rename).thenEvents(renamed);
    given(registered(), renamed).when(rename).thenNothing();

    const given_ = Mailbox.MailboxOwnerChanged({ mailboxId, ...team });
    given(registered()).when(give).thenEvents(given_);
    given(registered(), given_).when(give).thenNothing();
    given(registered(), given_)
      .when({ ...give, ownerKind: 'user' })
      .thenEvents(Mailbox.MailboxOwnerChanged({ mailboxId, ...team, ownerKind: 'user' }));
  });
});

test('whatever is asked from another organization, the mailbox is not there', () => {
  const context = fromElsewhere();
  const asked: readonly Mailbox.Command[] = [
    { ...on('ApproveMailbox'), context },
    { ...on('RejectMailbox'), context },
    { ...on('ActivateMailbox'), context },
    { ...on('DeactivateMailbox'), context, cause: 'asked' },
    { ...on('RenameMailbox'), context, name: Name.orThrow('Mine') },
    { ...on('CancelMailboxTest'), context, testId: null },
    { ...on('AssignMailboxProfile'), context, profile: null, secretMayFollow: true },
    { ...on('ClearMailboxCredentials'), context, reason: 'asked', profile: null },
    { ...on('SetMailboxMethods'), context, methods: { incoming: 'none' } },
    { ...on('ChangeMailboxAddress'), context, address: null },
    request('first', { context }),
    record('first', 'incoming', passed, { context }),
  ];
  for (const command of asked) {
    given(...working, testRequested('open'))
      .when(command)
      .thenRejected({ _tag: 'MailboxNotFound' });
    given().when(command).thenRejected({ _tag: 'MailboxNotFound' });
  }
});
