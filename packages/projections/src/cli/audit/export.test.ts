import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { privileges } from '@mailroom/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailroom } from '../../host/index.ts';
import type { HistoryLine } from '../../queries/rows.ts';
import { ada, aHistory, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';

describe.each(['sqlite', 'eventstoredb'] as const)('an export from %s', (kind) => {
  let history: TestHistory;
  beforeAll(async () => (history = await aHistory(kind)));
  afterAll(() => history.close());

  const trail = async (...args: readonly string[]): Promise<readonly HistoryLine[]> =>
    documentOf<{ lines: HistoryLine[] }>(await mailroom(['audit', 'trail', ...history.args, '--json', ...args])).lines;
  const exporting = (...args: readonly string[]) =>
    mailroom(['audit', 'export', ...history.args, '--as', 'auditor', ...args]);

  test('as NDJSON holds the lines of the trail, and is recorded with who took what', async () => {
    const before = await trail('--mailbox', ada);
    const { code, out } = await exporting('--format', 'ndjson', '--mailbox', ada, '--since', '2026-01-01');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(before);
    expect((await trail()).at(-1)).toMatchObject({
      type: 'AuditExported',
      actorId: 'auditor',
      actorKind: 'person',
      command: 'RecordAuditExport',
      organizationId: 'org-1',
    });
    expect((await trail()).at(-1)?.text.params).toMatchObject({ format: 'ndjson', lines: before.length });
  });

  test('as CSV into a new file has a line for each, and no name that a spreadsheet would execute', async () => {
    const file = history.at(`trail-${kind}.csv`);
    const before = await trail();
    const { code, out } = await exporting('--format', 'csv', '--out', file, '--json');
    expect({ code, document: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      document: { file, format: 'csv', lines: before.length },
    });
    const csv = readFileSync(file, 'utf8');
    expect(csv.split('\r\n')).toHaveLength(before.length + 2);
    expect(csv).toContain(`,'=Ada Lovelace,`);
    expect(csv).not.toContain(',=Ada');
    expect(await exporting('--format', 'csv', '--out', file)).toMatchObject({ code: 2, out: '' });
  });

  test('of nothing is the answer no; it records nothing and makes no file', async () => {
    const before = await trail();
    const file = history.at('nothing.csv');
    const args = ['--format', 'csv', '--actor', 'nobody', '--out', file];
    expect(await exporting(...args)).toMatchObject({ code: 1, out: '' });
    expect(existsSync(file)).toBe(false);
    for (const bad of [
      ['--format', 'xml'],
      ['--format', 'csv', '--json'],
    ]) {
      expect(await exporting(...bad)).toMatchObject({ code: 2, out: '' });
    }
    expect(await trail()).toEqual(before);
  });
});

describe.each(['sqlite', 'eventstoredb'] as const)('erasing a person on %s', (kind) => {
  let history: TestHistory;
  beforeAll(async () => (history = await aHistory(kind)));
  afterAll(() => history.close());
  const erasing = (...args: readonly string[]) => mailroom(['audit', 'erase', ...args, ...history.args]);
  const trail = async (): Promise<string> => (await mailroom(['audit', 'trail', ...history.args, '--json'])).out;

  test('shows what becomes unreadable, and changes nothing without a confirmation', async () => {
    const before = await trail();
    expect(before).toContain('Ada Lovelace');
    const shown = await erasing('ada', '--dry-run', '--json');
    expect(shown.code).toBe(0);
    expect(documentOf(shown)).toMatchObject({
      erased: false,
      kept: expect.arrayContaining([
        expect.objectContaining({ type: 'MailboxRegistered', fields: ['name', 'address'], events: 1 }),
        expect.objectContaining({ type: 'MailboxRenamed', fields: ['name'], events: 1 }),
      ]) as unknown,
    });
    const unconfirmed = await erasing('ada');
    expect(unconfirmed.code).toBe(2);
    expect(unconfirmed.error).toContain('--yes: expected');
    expect(await trail()).toBe(before);
  });

  test('then nothing of them can be read, everything of others can, it is recorded, and the chain still holds', async () => {
    // The logs of databases come and go.
    const files = () => readdirSync(history.folder).filter((name) => !/-(wal|shm)$/.test(name));
    const before = files();
    const { code } = await erasing('ada', '--yes', '--as', 'officer');
    expect(code).toBe(0);
    const after = await trail();
    expect(after).not.toContain('Ada Lovelace');
    expect(after).not.toContain('ada@example.test');
    expect(after).toContain('support@example.test');
    expect(after).toContain('[erased]');
    const { lines } = JSON.parse(after) as { lines: HistoryLine[] };
    expect(lines.at(-1)).toMatchObject({ type: 'PersonErased', actorId: 'officer', command: 'ErasePerson' });
    const verified = await mailroom(['audit', 'verify', ...history.args]);
    expect(verified).toMatchObject({ code: 0 });
    expect(files()).toEqual(before);
  });

  test('of whom nothing is kept is the answer no; a kind or a vault that is none is bad input', async () => {
    expect((await erasing('nobody', '--yes')).code).toBe(1);
    expect(await erasing('ada', '--kind', 'robot')).toMatchObject({ code: 2, out: '' });
    const withoutVault = await mailroom(['audit', 'erase', 'ada', '--store', history.store, '--yes']);
    expect(withoutVault).toMatchObject({ code: 2, out: '' });
    expect(withoutVault.error).toContain('MAILROOM_VAULT');
  });
});

describe.each(['sqlite', 'eventstoredb'] as const)('a refusal on %s', (kind) => {
  test('for a missing privilege or an unencrypted channel is in the trail, with who wanted what', async () => {
    const history = await aHistory(kind);
    try {
      const vault = { directory: history.at('vault'), key: { file: history.at('vault.key') } };
      const opened = await openMailroom({ store: history.store, views: 'memory', vault, runChecks: false });
      const eve = { id: 'eve', organizationId: 'org-1', privileges: [] };
      const approved = await opened.as(eve).execute({ type: 'ApproveMailbox', mailboxIds: [ada] });
      const owner = { id: 'ada', organizationId: 'org-1', privileges: [...privileges] };
      const secret = {
        type: 'SetMailboxCredentials',
        mailboxId: ada,
        userName: 'ada',
        password: 'planted-secret',
      } as const;
      const inTheClear = await opened.as(owner, { secureChannel: false }).execute(secret);
      expect([approved._tag, inTheClear._tag]).toEqual(['Left', 'Left']);
      await opened.close();
      const ran = await mailroom(['audit', 'trail', ...history.args, '--json']);
      const { lines } = JSON.parse(ran.out) as { lines: HistoryLine[] };
      const refusals = lines.filter(({ type }) => type === 'AccessRefused');
      expect(refusals.map(({ actorId, text }) => [actorId, text.params['wanted']])).toEqual([
        ['eve', 'ApproveMailbox'],
        ['ada', 'SetMailboxCredentials'],
      ]);
      expect(ran.out).not.toContain('planted-secret');
    } finally {
      await history.close();
    }
  });
});
