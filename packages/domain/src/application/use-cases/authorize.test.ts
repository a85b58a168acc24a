import { describe, expect, test } from 'vitest';
import { type Actor, PrincipalId } from '../../kernel/command.ts';
import { findingsOf } from '../../kernel/rejection.ts';
import { replay } from '../../kernel/decider.ts';
import * as Mailbox from '../../mailbox/index.ts';
import { actorOf } from '../../testing/contexts.ts';
import { registered } from '../../testing/sample-mailbox.ts';
import { authorize, mayTouch } from './authorize.ts';

type Given = Parameters<typeof registered>[0];
const mailbox = (given: Given): Mailbox.Registered => {
  const state = replay<Mailbox.Event, Mailbox.State>(Mailbox.decider, [registered(given)]);
  if (state._tag !== 'Registered') throw new Error('it is not there');
  return state;
};
const id = (text: string): PrincipalId => PrincipalId.orThrow(text);
const ofBob = { ownerKind: 'user', ownerId: id('bob') } as const;
const ofTeam = { ownerKind: 'team', ownerId: id('desk') } as const;
const ada = actorOf({ id: 'ada', privileges: [] });

describe('without the privilege, a mailbox may be tested', () => {
  test.each<[string, Actor, Given, boolean]>([
    ['by its owner', ada, { kind: 'queue', regardingId: id('q'), ownerKind: 'user', ownerId: id('ada') }, true],
    ['by its user, whoever owns it', ada, { kind: 'user', regardingId: id('ada'), ...ofBob }, true],
    ['by its user, whichever team owns it', ada, { kind: 'user', regardingId: id('ada'), ...ofTeam }, true],
    ['by the queue of the same name', ada, { kind: 'queue', regardingId: id('ada'), ...ofBob }, false],
    ['by a stranger', ada, { kind: 'user', regardingId: id('bob'), ...ofBob }, false],
    [
      'by a member of the team that owns it',
      actorOf({ id: 'eve', privileges: [], teams: ['night', 'desk'] }),
      { kind: 'queue', regardingId: id('q'), ...ofTeam },
      true,
    ],
    [
      'by a member of another team',
      actorOf({ id: 'eve', privileges: [], teams: ['night'] }),
      { kind: 'queue', regardingId: id('q'), ...ofTeam },
      false,
    ],
    ['by whoever is called like the team', actorOf({ id: 'desk', privileges: [] }), ofTeam, false],
    [
      'by a member of a team that is called like its owner',
      actorOf({ id: 'eve', privileges: [], teams: ['bob'] }),
      { kind: 'queue', regardingId: id('q'), ...ofBob },
      false,
    ],
    ['by Mailroom itself', { ...ada, id: id('retries'), kind: 'system' }, ofBob, true],
    ['with the privilege, by anybody', actorOf({ id: 'eve', privileges: ['mailboxes.test'] }), ofBob, true],
  ])('%s: %o', (_, actor, given, expected) => {
    const refused = mayTouch('TestAndEnable', actor, mailbox(given));
    expect(refused === null).toBe(expected);
    if (!expected) expect(refused).toEqual(mayTouch('TestAndEnable', actor, null));
  });

  test('but not approved, which is nobody’s own', () => {
    const own = mailbox({ kind: 'user', regardingId: id('ada'), ownerKind: 'user', ownerId: id('ada') });
    expect(mayTouch('ApproveMailbox', ada, own)).toMatchObject({
      text: { params: { privilege: 'addresses.approve' } },
    });
  });
});

test('a command as a whole is refused with each privilege that is missing, unless owners may give it', () => {
  const refused = authorize('EditMailboxes', actorOf({ privileges: ['mailboxes.read'] }));
  expect(refused && findingsOf(refused).map(({ text }) => text.params)).toEqual([
    { command: 'EditMailboxes', privilege: 'mailboxes.write' },
  ]);
  const all = authorize('EditMailboxes', ada);
  expect(all && findingsOf(all).map(({ text }) => text.params['privilege'])).toEqual([
    'mailboxes.read',
    'mailboxes.write',
  ]);
  expect(authorize('TestAndEnable', ada)).toBeNull();
  expect(authorize('EditMailboxes', { ...ada, kind: 'system' })).toBeNull();
});
