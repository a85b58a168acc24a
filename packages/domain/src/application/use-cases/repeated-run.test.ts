import * as E from 'fp-ts/lib/Either.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { type InMemoryMailroom, inMemoryMailroom } from '../../testing/acting.ts';
import { actorOf } from '../../testing/contexts.ts';
import { MailboxId, testIdOfRun, TestRunId } from '../../values/index.ts';
import { reject, note } from './texts.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { MailboxOutcome } from './bulk-plan.ts';
import type { Outcome } from './outcome.ts';
import type { BulkResult } from './run-bulk.ts';

// Whoever repeats the command that asked for a run is told what was asked for then, whatever has become of the mailboxes.

let room: InMemoryMailroom;
let profileId: string;
const options = { commandId: derivedId('command', 'run') };
const runId = TestRunId.orThrow(derivedId('testRun', options.commandId));
const methods = { incoming: 'serverSide', outgoing: 'serverSide' } as const;
const nobody = MailboxId.orThrow(derivedId('no mailbox'));

const register = async (name: string, more: object = { profileId, ...methods }): Promise<MailboxId> => {
  const command = { type: 'RegisterMailbox', kind: 'user', regardingId: name, name, ...more } as const;
  return (await room.done(command)).result.mailboxId;
};
const ask = async (command: object): Promise<Outcome<BulkResult>> => {
  const answer = await room.anotherProcess().mailroom.as(actorOf()).executeUnknown(command, options);
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right as Outcome<BulkResult>;
};
const said = (mailboxId: MailboxId, outcome: MailboxOutcome['outcome'], text: MailboxOutcome['text']) => ({
  mailboxId,
  outcome,
  text,
  rejection: null,
  testId: null,
  notes: [],
  changes: [],
  losesSuccess: [],
});
const queued = (mailboxId: MailboxId) => ({ testId: testIdOfRun(runId, mailboxId), notes: [note('TestQueued', {})] });
const { text: deactivated } = Mailbox.rejections.MailboxDeactivated({});
const { text: noChannel } = Mailbox.rejections.NoChannelToTest({});
const running = { notes: [note('TestRunning', {})] };
const notStarted = { notes: [note('TestNotStarted', { why: deactivated.sentence })] };

beforeEach(async () => {
  room = inMemoryMailroom();
  const server = { host: 'mail.example.org' };
  const profile = { name: 'Support', serverType: 'imap-smtp', incoming: server, outgoing: server } as const;
  profileId = (await room.done({ type: 'CreateProfile', ...profile })).result.profileId;
});

describe('a run', () => {
  test('of tests alone', async () => {
    const [ada, bob, eve, kim] = [
      await register('ada'),
      await register('bob'),
      await register('eve', {}),
      await register('kim'),
    ];
    await room.done({ type: 'DeactivateMailbox', mailboxId: bob });
    await room.done({ type: 'TestAndEnable', mailboxIds: [kim] });
    const command = { type: 'TestAndEnable', mailboxIds: [ada, bob, eve, kim, nobody] } as const;
    const first = await ask(command);
    const missing = reject.MailboxNotFound({ mailboxId: nobody });
    expect(first.result).toEqual({
      runId,
      mailboxes: [
        { ...said(ada, 'changed', note('TestQueued', {})), ...queued(ada) },
        said(bob, 'skipped', deactivated),
        said(eve, 'skipped', noChannel),
        { ...said(kim, 'unchanged', note('TestRunning', {})), ...running },
        { ...said(nobody, 'rejected', missing.text), rejection: missing },
      ],
    });

    // Now each of them would fare differently.
    await room.done({ type: 'TestAndEnable', mailboxIds: [ada] });
    await room.done({ type: 'ActivateMailbox', mailboxId: bob });
    await room.done({ type: 'EditMailboxes', mailboxIds: [eve], ...methods });
    await room.done({ type: 'CancelTest', mailboxIds: [kim] });
    expect(await ask(command)).toEqual({ ...first, duplicate: true });

    await room.done({ type: 'DeactivateMailbox', mailboxId: ada });
    await room.done({ type: 'EditMailboxes', mailboxIds: [kim], incoming: 'none', outgoing: 'none' });
    expect(await ask(command)).toEqual({ ...first, duplicate: true });
  });

  test('of mailboxes that get the default settings before', async () => {
    await room.done({ type: 'ConfigureEmailSettings', defaultProfileId: profileId, ...methods });
    const there = { profileId, ...methods };
    const elsewhere = { profileId: null, incoming: 'none', outgoing: 'none' };
    const [ada, bob, kim, dora, finn] = [
      await register('ada', elsewhere),
      await register('bob', elsewhere),
      await register('kim', there),
      await register('dora', there),
      await register('finn', there),
    ];
    for (const mailboxId of [bob, finn]) await room.done({ type: 'DeactivateMailbox', mailboxId });
    await room.done({ type: 'TestAndEnable', mailboxIds: [kim] });
    const command = { type: 'ApplyDefaultEmailSettings', mailboxIds: [ada, bob, kim, dora, finn] } as const;
    const first = await ask(command);
    const changes = [
      { field: 'profileId', from: null, to: profileId },
      { field: 'incoming', from: 'none', to: 'serverSide' },
      { field: 'outgoing', from: 'none', to: 'serverSide' },
    ];
    expect(first.result).toEqual({
      runId,
      mailboxes: [
        { ...said(ada, 'changed', note('Changed', {})), ...queued(ada), changes },
        { ...said(bob, 'changed', note('Changed', {})), ...notStarted, changes },
        { ...said(kim, 'unchanged', note('Unchanged', {})), ...running },
        { ...said(dora, 'changed', note('Changed', {})), ...queued(dora) },
        { ...said(finn, 'unchanged', note('Unchanged', {})), ...notStarted },
      ],
    });

    await room.done({ type: 'TestAndEnable', mailboxIds: [ada] });
    await room.done({ type: 'TestAndEnable', mailboxIds: [dora] });
    for (const mailboxId of [bob, finn]) await room.done({ type: 'ActivateMailbox', mailboxId });
    await room.done({ type: 'CancelTest', mailboxIds: [kim] });
    const again = await ask(command);
    // The values that were there before nobody can look up any more.
    const lasting = first.result.mailboxes.map((one) => ({ ...one, changes: [] }));
    expect(again).toEqual({ ...first, duplicate: true, result: { runId, mailboxes: lasting } });
  });
});
