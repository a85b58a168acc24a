import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import { actorOf, contextOf } from '../testing/contexts.ts';
import {
  after,
  change,
  context,
  create,
  credentials,
  findings,
  given,
  profileId,
  stateAfter,
  types,
} from '../testing/profiles.ts';
import * as Profile from './index.ts';

describe('the life of a profile', () => {
  const on = <Type extends string>(type: Type) => ({ type, context, profileId });
  const remove = (given: Partial<Profile.DeleteProfile> = {}): Profile.DeleteProfile => ({
    ...on('DeleteProfile'),
    mailboxes: 0,
    isDefault: false,
    force: false,
    ...given,
  });

  test('is activated and deactivated once', () => {
    expect(types(on('ActivateProfile'), create())).toEqual([]);
    expect(types(on('DeactivateProfile'), create())).toEqual(['ProfileDeactivated']);
    expect(types(on('DeactivateProfile'), create(), on('DeactivateProfile'))).toEqual([]);
    expect(types(on('ActivateProfile'), create(), on('DeactivateProfile'))).toEqual(['ProfileActivated']);
  });

  test('changes its owner, to a team too', () => {
    const owner: Profile.Owner = { ownerKind: 'team', ownerId: PrincipalId.orThrow('admin') };
    const assign: Profile.Command = { ...on('ChangeProfileOwner'), owner };
    expect(stateAfter(create(), assign).owner).toEqual(owner);
    expect(types(assign, create(), assign)).toEqual([]);
  });

  test('ends, but not under its mailboxes, unless forced', () => {
    expect(types(remove(), create())).toEqual(['ProfileDeleted']);
    given(...after(create()))
      .when(remove({ mailboxes: 3 }))
      .thenRejected({
        _tag: 'ProfileHasMailboxes',
        field: 'force',
        text: {
          key: 'rejection.ProfileHasMailboxes',
          params: { mailboxes: 3 },
          sentence: 'There are 3 mailboxes on this profile. Move them first, or delete it with force.',
        },
      });
    given(...after(create()))
      .when(remove({ mailboxes: 3, force: true }))
      .thenEvents(Profile.ProfileDeleted({ profileId, mailboxes: 3 }));
  });

  test('does not end while it is the default, forced or not', () =>
    expect(findings(remove({ isDefault: true, force: true }), create())).toEqual(['profileId ProfileIsDefault']));

  const all: readonly Profile.Command[] = [
    change({}),
    credentials(),
    { ...on('ClearProfileCredentials'), channel: 'incoming' },
    { ...on('ChangeProfileOwner'), owner: { ownerKind: 'user', ownerId: PrincipalId.orThrow('bob') } },
    on('ActivateProfile'),
    on('DeactivateProfile'),
    remove(),
  ];

  test.each(all)(
    '$type is answered alike for a profile that is not there, is gone, or is of another organization',
    (command) => {
      const stranger = { ...command, context: contextOf({ actor: actorOf({ organization: 'org-2' }) }) };
      const absent = given().when(command).decision;
      expect(absent).toMatchObject({ left: { _tag: 'ProfileNotFound' } });
      expect(given(...after(create(), remove())).when(command).decision).toEqual(absent);
      expect(given(...after(create())).when(stranger).decision).toEqual(absent);
    },
  );
});
