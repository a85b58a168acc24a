import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import { existingMailbox } from '../testing/existing.ts';
import { channels, fresh, inService, knownAfter, untested, waiting, works } from '../testing/mailbox-in-service.ts';
import {
  at,
  credentialsSet,
  mailboxId,
  otherProfileId,
  personId,
  profileId,
  registered,
  secret,
  startedAt,
  userName,
  working,
} from '../testing/sample-mailbox.ts';
import { EmailAddress, Name } from '../values/index.ts';
import * as Mailbox from './index.ts';

const about = { mailboxId, profileId };
const anew = { ...works, configuration: 2 };

test('a mailbox begins untested, waiting for approval, on the profile that it was given', () => {
  expect(existingMailbox([registered()])).toEqual(fresh);
  expect(existingMailbox([registered({ address: null, profileId: null, incoming: 'none' })])).toEqual({
    ...fresh,
    address: null,
    approval: 'empty',
    profile: null,
    channels: { incoming: { ...untested, method: 'none' }, outgoing: untested },
  });
  expect(existingMailbox(working)).toEqual(inService);
});

/** What one more event changes of a mailbox in service; all else stays. */
describe('what is remembered after', () => {
  test.each<readonly [string, readonly Mailbox.Event[], Mailbox.Event, object]>([
    [
      'a new name',
      [],
      Mailbox.MailboxRenamed({
        mailboxId,
        personId,
        name: Name.orThrow('Lovelace'),
      }),
      { name: 'Lovelace' },
    ],
    [
      'another owner',
      [],
      Mailbox.MailboxOwnerChanged({
        mailboxId,
        ownerKind: 'team',
        ownerId: PrincipalId.orThrow('team'),
      }),
      { ownerKind: 'team', ownerId: 'team' },
    ],
    [
      'another address',
      [],
      Mailbox.MailboxAddressChanged({
        mailboxId,
        personId,
        address: EmailAddress.orThrow('a@example.org'),
      }),
      {
        address: 'a@example.org',
        formerAddress: fresh.address,
        ...channels(anew, anew),
      },
    ],
    [
      'no address',
      [],
      Mailbox.MailboxAddressChanged({ mailboxId, personId, address: null }),
      {
        address: null,
        formerAddress: fresh.address,
        approval: 'empty',
        ...channels(anew, anew),
      },
    ],
    ['approval', [], Mailbox.MailboxApproved({ mailboxId }), { approval: 'approved' }],
    ['rejection', [], Mailbox.MailboxRejected({ mailboxId }), { approval: 'rejected' }],
    [
      'other methods',
      [],
      Mailbox.MailboxMethodsChanged({
        mailboxId,
        incoming: 'none',
        outgoing: 'serverSide',
        act: 'none',
      }),
      channels({ ...anew, method: 'none' }),
    ],
    [
      'new credentials',
      [],
      Mailbox.MailboxCredentialsSet({
        ...credentialsSet.data,
        profileId: otherProfileId,
        channels: ['outgoing'],
      }),
      {
        credentials: { userName, secret, profileId: otherProfileId, expiryToAnnounce: null },
        ...channels(works, anew),
      },
    ],
    [
      'credentials that stop working one day',
      [],
      Mailbox.MailboxCredentialsSet({ ...credentialsSet.data, channels: [], expiresOn: at(7) }),
      { credentials: { userName, secret, profileId, expiryToAnnounce: at(7) } },
    ],
    [
      'that somebody was told of it',
      [Mailbox.MailboxCredentialsSet({ ...credentialsSet.data, channels: [], expiresOn: at(7) })],
      Mailbox.MailboxCredentialsExpiryAnnounced({ mailboxId, expiresOn: at(7) }),
      { credentials: { userName, secret, profileId, expiryToAnnounce: null } },
    ],
    [
      'an announcement about credentials that are gone',
      [Mailbox.MailboxCredentialsCleared({ mailboxId, reason: 'asked', channels: [] })],
      Mailbox.MailboxCredentialsExpiryAnnounced({ mailboxId, expiresOn: at(7) }),
      {},
    ],
    [
      'no credentials',
      [],
      Mailbox.MailboxCredentialsCleared({
        mailboxId,
        reason: 'asked',
        channels: ['incoming'],
      }),
      { credentials: null, ...channels(anew) },
    ],
    ['a later start', [], startedAt(7), { start: { processEmailFrom: at(7), source: 'firstEnable' } }],
    [
      'a change of the profile',
      [],
      Mailbox.MailboxProfileChangeApplied({
        ...about,
        profileConfiguration: 4,
        profileProcessEmailFrom: at(3),
        secretFollowed: false,
      }),
      { profile: { profileId, configuration: 4, processEmailFrom: at(3) } },
    ],
    [
      'leaving the service',
      [waiting()],
      Mailbox.MailboxDeactivated({ ...about, cause: 'asked' }),
      {
        active: false,
        ...channels({
          ...works,
          status: 'failure',
          failureScope: 'mailbox',
          attempt: 2,
        }),
      },
    ],
    [
      'coming back',
      [Mailbox.MailboxDeactivated({ ...about, cause: 'asked' })],
      Mailbox.MailboxActivated(about),
      { active: true },
    ],
  ])('%s', (_, events, event, changes) => {
    const { before, after } = knownAfter(events, event);
    expect(after).toEqual({ ...before, ...changes });
  });

  test('a move to another profile, with and without credentials', () => {
    const to = (next: typeof profileId | null) =>
      Mailbox.MailboxProfileAssigned({
        mailboxId,
        previousProfileId: profileId,
        profileId: next,
        profileConfiguration: 5,
        profileProcessEmailFrom: at(2),
        processEmailFrom: at(2),
        processEmailFromSource: 'profile',
      });
    const moved = {
      ...inService,
      start: { processEmailFrom: at(2), source: 'profile' },
      ...channels(anew, anew),
    };
    const profile = {
      profileId: otherProfileId,
      configuration: 5,
      processEmailFrom: at(2),
    };
    const credentials = { userName, secret, profileId: otherProfileId, expiryToAnnounce: null };
    expect(existingMailbox([...working, to(otherProfileId)])).toEqual({
      ...moved,
      profile,
      credentials,
    });
    expect(existingMailbox([...working, to(null)])).toEqual({
      ...moved,
      profile: null,
    });
    expect(existingMailbox([registered(), to(otherProfileId)])).toMatchObject({
      profile,
      credentials: null,
    });
  });
});

test('nothing is remembered of a mailbox that was not registered', () => {
  expect(Mailbox.decider.evolve(Mailbox.decider.initialState, Mailbox.MailboxApproved({ mailboxId }))).toEqual({
    _tag: 'NotRegistered',
  });
});
