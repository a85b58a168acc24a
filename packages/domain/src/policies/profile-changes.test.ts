import { describe, expect, test } from 'vitest';
import { MailboxProfileAssigned, MailboxProfileChangeApplied } from '../mailbox/index.ts';
import {
  ProfileConnectionChanged,
  ProfileCreated,
  ProfileCredentialsCleared,
  ProfileCredentialsSet,
  ProfileDeleted,
  ProfileProcessingChanged,
} from '../profile/index.ts';
import { causeOfEvent, owedAfter, rowAfter } from '../testing/fold-policy.ts';
import {
  ada,
  at,
  mailboxId,
  organizationId,
  otherProfileId,
  personId,
  profileId,
  registered,
  secret,
  userName,
} from '../testing/sample-mailbox.ts';
import { mailboxIdOf, Name } from '../values/index.ts';
import { profileChanges } from './profile-changes.ts';

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
const created = (start: Date | null = null) =>
  ProfileCreated({
    profileId,
    organizationId,
    ownerKind: 'user',
    ownerId: ada,
    name: Name.orThrow('Support'),
    description: null,
    serverType: 'imap-smtp',
    ...connection,
    ...processing,
    processEmailFrom: start,
    configuration: 1,
  });
const moved = (from: typeof profileId | null, to: typeof profileId | null) =>
  MailboxProfileAssigned({
    mailboxId,
    previousProfileId: from,
    profileId: to,
    profileConfiguration: 1,
    profileProcessEmailFrom: null,
    processEmailFrom: null,
    processEmailFromSource: 'firstEnable',
  });
const applied = (configuration: number, start: Date | null = null) =>
  MailboxProfileChangeApplied({
    mailboxId,
    profileId,
    profileConfiguration: configuration,
    profileProcessEmailFrom: start,
    secretFollowed: false,
  });
const changed = ProfileConnectionChanged({ profileId, ...connection, configuration: 2, mailboxSecrets: 'keep' });
const starting = (start: Date | null) =>
  ProfileProcessingChanged({ profileId, ...processing, processEmailFrom: start });

type Event = Parameters<typeof profileChanges.evolve>[1];
const owed = (...events: readonly Event[]) => owedAfter(profileChanges, profileId, events);
const spread = (configuration: number, cause: number, start = '') => ({
  key: `spread:${mailboxId}:${configuration}:${start}`,
  due: null,
  instruction: { type: 'SpreadProfileChange', organizationId, mailboxId, profileId, cause: causeOfEvent(cause) },
});

describe('a change of a profile is owed to each mailbox on it', () => {
  test('until it has been applied there', () => {
    expect(owed(created(), registered())).toEqual([]);
    expect(owed(created(), registered(), changed)).toEqual([spread(2, 3)]);
    expect(owed(created(), registered(), changed, applied(2))).toEqual([]);
  });

  test('and again after the next change, and to each by itself', () => {
    const next = { ...changed, data: { ...changed.data, configuration: 3 } };
    expect(owed(created(), registered(), changed, applied(2), next)).toEqual([spread(3, 5)]);
    const other = mailboxIdOf(organizationId, 'user', 'other');
    const both = [created(), registered(), registered({ mailboxId: other }), changed];
    const toOther = [{ key: `spread:${other}:2:`, instruction: { mailboxId: other } }];
    expect(owed(...both)).toHaveLength(2);
    expect(owed(...both, applied(2))).toMatchObject(toOther);
    expect(owed(...both, moved(profileId, null))).toMatchObject(toOther);
  });

  test('whatever of its connection or credentials it is', () => {
    const channel = 'incoming' as const;
    const set = ProfileCredentialsSet({
      profileId,
      personId,
      channel,
      userName,
      secret,
      expiresOn: null,
      configuration: 2,
    });
    const cleared = ProfileCredentialsCleared({ profileId, channel, reason: 'asked', configuration: 3 });
    expect(owed(created(), registered(), set)).toEqual([spread(2, 3)]);
    expect(owed(created(), registered(), set, cleared)).toEqual([spread(3, 4)]);
  });

  test('that joined with what it knew then', () => {
    expect(owed(created(), changed, registered({ profileConfiguration: 2 }))).toEqual([]);
    expect(owed(created(), changed, registered({ profileConfiguration: 1 }))).toEqual([spread(2, 2)]);
    expect(owed(created(), changed, moved(null, profileId))).toEqual([spread(2, 2)]);
  });

  test('and no longer once it has left, even when news of an older change comes after it', () => {
    expect(owed(created(), registered(), changed, moved(profileId, otherProfileId))).toEqual([]);
    expect(owed(created(), registered(), changed, moved(profileId, null))).toEqual([]);
    expect(owed(created(), registered(), moved(profileId, null), changed, applied(1))).toEqual([]);
  });

  test('a later start of processing moves it along, an earlier one or none does not', () => {
    const start = at(5).toISOString();
    expect(owed(created(), registered(), starting(at(5)))).toEqual([spread(1, 3, start)]);
    expect(owed(created(at(4)), registered({ profileProcessEmailFrom: at(4) }), starting(at(5)))).toEqual([
      spread(1, 3, start),
    ]);
    expect(owed(created(at(4)), registered({ profileProcessEmailFrom: at(4) }), starting(at(3)))).toEqual([]);
    expect(owed(created(at(4)), registered({ profileProcessEmailFrom: at(4) }), starting(at(4)))).toEqual([]);
    expect(owed(created(at(4)), registered({ profileProcessEmailFrom: at(4) }), starting(null))).toEqual([]);
    expect(owed(created(), registered(), starting(at(5)), applied(1, at(5)))).toEqual([]);
    expect(owed(created(at(5)), registered())).toEqual([spread(1, 1, start)]);
  });

  test('when it is deleted, each is taken off it, until it has been', () => {
    const deleted = ProfileDeleted({ profileId, mailboxes: 1 });
    const detach = {
      key: `detach:${mailboxId}`,
      due: null,
      instruction: { type: 'DetachFromProfile', organizationId, mailboxId, profileId, cause: causeOfEvent(3) },
    };
    expect(owed(created(), registered(), deleted)).toEqual([detach]);
    expect(owed(created(), registered(), deleted, moved(profileId, null))).toEqual([]);
    expect(owed(created(), deleted)).toEqual([]);
  });

  test('of the profile that it was on and of the one that it is on now, each hears of a move', () => {
    expect(profileChanges.keys(moved(profileId, otherProfileId))).toEqual([profileId, otherProfileId]);
    expect(profileChanges.keys(moved(null, profileId))).toEqual([profileId]);
    expect(profileChanges.keys(registered({ profileId: null }))).toEqual([]);
    expect(rowAfter(profileChanges, profileId, [registered(), changed])).toBeUndefined();
  });
});
