import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryLine } from '../../queries/rows.ts';
import type { MailboxRow } from '../../views/mailbox-row.ts';
import { ada, aHistory, support, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';

interface AsOf {
  readonly position: string | null;
  readonly views: { readonly mailboxes?: readonly MailboxRow[]; readonly profiles?: readonly unknown[] };
}

describe.each(['sqlite', 'eventstoredb'] as const)('the history on %s', (kind) => {
  let history: TestHistory;
  let lines: readonly HistoryLine[];
  beforeAll(async () => {
    history = await aHistory(kind);
    lines = await trail();
  });
  afterAll(() => history.close());

  const trail = async (...args: readonly string[]): Promise<readonly HistoryLine[]> =>
    documentOf<{ lines: HistoryLine[] }>(await mailroom(['audit', 'trail', ...history.args, '--json', ...args])).lines;
  const asOf = async (time: string, ...args: readonly string[]): Promise<AsOf> =>
    documentOf(await mailroom(['audit', 'as-of', time, ...history.args, '--json', ...args]));
  const lineOf = (type: string): HistoryLine => {
    const found = lines.find((line) => line.type === type);
    if (found === undefined) throw new Error(`the trail holds no ${type}`);
    return found;
  };

  test('says who did what, by which command, and what was before and is now', () => {
    expect(lineOf('MailboxRenamed')).toMatchObject({
      actorId: 'admin',
      actorKind: 'person',
      command: 'RenameMailbox',
      subject: 'mailbox',
      subjectId: ada,
      changes: [{ field: 'name', before: 'Ada', after: '=Ada Lovelace' }],
      cause: null,
    });
    expect(lineOf('MailboxApproved').changes).toEqual([{ field: 'approval', before: 'pending', after: 'approved' }]);
  });

  test('names the event that made an automatic actor act, which lies before it and is no act of its own', () => {
    const automatic = lines.filter(({ actorKind }) => actorKind === 'system');
    expect(automatic.length).toBeGreaterThan(0);
    for (const { cause, causationId, position } of automatic) {
      const causing = lines.find(({ id }) => id === causationId);
      expect(cause).toMatchObject({ id: causing?.id, type: causing?.type, actorId: 'admin' });
      expect(String(causing?.position) < position).toBe(true);
    }
  });

  test('is told in words too, with the reason and the cause', async () => {
    const { code, out } = await mailroom(['audit', 'trail', ...history.args, '--mailbox', ada]);
    expect(code).toBe(0);
    expect(out).toContain('mailroom (automatic)');
    expect(out).toMatch(/because of MailboxTestRequested of mailbox .* by admin/);
    expect(out).not.toContain(support);
  });

  test.each([
    ['--mailbox', ada, ({ subjectId }: HistoryLine) => subjectId === ada],
    ['--actor', 'mailroom', ({ actorId }: HistoryLine) => actorId === 'mailroom'],
    ['--actor', 'admin', ({ actorId }: HistoryLine) => actorId === 'admin'],
  ])('%s %s gives exactly the lines of the whole trail that fit', async (flag, value, fits) => {
    expect(await trail(flag, value)).toEqual(lines.filter(fits));
  });

  test('--profile, --since and --until cut it where they say', async () => {
    expect(await trail('--profile', history.profileId)).toEqual(lines.filter(({ subject }) => subject === 'profile'));
    const { at } = lineOf('MailboxRenamed');
    expect(await trail('--since', at)).toEqual(lines.filter((line) => line.at >= at));
    expect(await trail('--until', at)).toEqual(lines.filter((line) => line.at < at));
  });

  test('as of each moment, the rows are those that the lines up to then tell of', async () => {
    for (const { at } of lines) {
      const { position, views } = await asOf(at);
      const told = lines.filter((line) => line.at <= at);
      expect(position).toBe(told.at(-1)?.position);
      const registered = told.filter(({ type }) => type === 'MailboxRegistered').map(({ subjectId }) => subjectId);
      expect(views.mailboxes?.map(({ mailboxId }) => mailboxId)).toEqual(registered.sort());
      const approved = told.filter(({ type }) => type === 'MailboxApproved').map(({ subjectId }) => subjectId);
      for (const { mailboxId, approval, name } of views.mailboxes ?? []) {
        expect(approval).toBe(approved.includes(mailboxId) ? 'approved' : 'pending');
        if (mailboxId !== ada) continue;
        expect(name).toBe(told.some(({ type }) => type === 'MailboxRenamed') ? '=Ada Lovelace' : 'Ada');
      }
    }
  });

  test('as of a moment, one record alone is the same as among all others', async () => {
    const { at } = lineOf('MailboxTestRequested');
    const all = await asOf(at);
    const one = await asOf(at, '--mailbox', ada);
    expect(one.views.mailboxes).toEqual(all.views.mailboxes?.filter(({ mailboxId }) => mailboxId === ada));
    const { code, out } = await mailroom(['audit', 'as-of', at, ...history.args, '--mailbox', ada]);
    expect(code).toBe(0);
    expect(out).toContain('channels.incoming.enabled\tfalse');
  });

  test('before there was anything the answer is no; a time that is none, or a view, is bad input', async () => {
    expect(await mailroom(['audit', 'as-of', '2000-01-01', ...history.args])).toMatchObject({ code: 1, out: '' });
    for (const time of ['yesterday', '2026-02-30', '2026-13-01', '12:00']) {
      const bad = await mailroom(['audit', 'as-of', time, ...history.args]);
      expect(bad).toMatchObject({ code: 2, out: '' });
      expect(bad.error).toContain('TIME: expected');
    }
    const bad = await mailroom(['audit', 'as-of', '2026-01-01', ...history.args, '--view', 'nothing']);
    expect(bad).toMatchObject({ code: 2, out: '' });
  });

  test('reading leaves no file behind', async () => {
    const before = readdirSync(history.folder, { recursive: true });
    await trail();
    await asOf('2999-01-01');
    expect(readdirSync(history.folder, { recursive: true })).toEqual(before);
  });
});
