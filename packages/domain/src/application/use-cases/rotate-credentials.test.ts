import { describe, expect, test } from 'vitest';
import { inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { ada, commandNamed, mailboxFor, profileId, support } from '../../testing/stories/story.ts';

const rotate = {
  type: 'SetProfileCredentials',
  profileId,
  userName: 'service',
  password: 'the next one',
  testAndEnable: true,
} as const;

/** A profile whose account logs its mailboxes in, with as many mailboxes on it as are named. */
const office = async (...users: readonly string[]) => {
  const room = inMemoryMailroom();
  const incoming = { ...support.incoming, credentials: 'profile' } as const;
  await room.done({ ...support, incoming }, { commandId: commandNamed('support') });
  for (const user of users) {
    await room.done({ ...ada, regardingId: user, name: user, address: `${user}@example.org` });
  }
  return room;
};

describe('a new password of a profile', () => {
  test('tests every mailbox on it along with it, as one run; a repeat asks for no second one', async () => {
    const room = await office('ada', 'bob');
    const options = { commandId: commandNamed('rotate') };
    const before = (await room.history()).length;
    const { result, notes } = await room.done(rotate, options);
    expect((await room.history()).slice(before)).toMatchObject([
      { type: 'ProfileCredentialsSet', data: { secret: { version: 1 } } },
      {
        type: 'TestRunRequested',
        data: { runId: result.runId, profileId, mailboxIds: [mailboxFor('ada'), mailboxFor('bob')] },
      },
    ]);
    expect(notes.map(({ key }) => key)).toEqual(['note.TestQueued']);

    const after = await room.history();
    const again = await room.done(rotate, options);
    expect(again).toMatchObject({ duplicate: true, result });
    expect(await room.history()).toEqual(after);
  });

  test('asks for no run where there is nothing to test, and where nobody wants one', async () => {
    const empty = await office();
    expect(await empty.done(rotate)).toMatchObject({ result: { profileId, runId: null }, notes: [] });
    const room = await office('ada');
    await room.done({ ...rotate, testAndEnable: false });
    expect((await room.history()).at(-1)).toMatchObject({ type: 'ProfileCredentialsSet' });
  });

  test('is not set by who may not test, when it is to be tested', async () => {
    const room = await office('ada');
    const before = await room.history();
    const actor = actorOf({ privileges: ['profiles.write'] });
    expect(await room.refused(rotate, { actor })).toMatchObject({
      _tag: 'PrivilegeMissing',
      text: { params: { privilege: 'mailboxes.test' } },
    });
    const added = (await room.history()).slice(before.length);
    expect(added.map(({ type }) => type)).toEqual(['AccessRefused']);
    await room.done({ ...rotate, testAndEnable: false }, { actor });
  });
});
