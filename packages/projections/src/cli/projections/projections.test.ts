import { existsSync, writeFileSync } from 'node:fs';
import { mailboxEvents, Mailbox, MailboxId, Name, PersonId, StreamName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadStore } from '../../host/load-store.ts';
import { allViews, type StoredProjection } from '../../host/index.ts';
import { ada, aHistory, organizationId, type TestHistory } from '../test-support/history.ts';
import { documentOf, mailroom } from '../test-support/mailroom.ts';

/** The number of the first build of a view: that of its definition. */
const first = allViews.mailboxes.version;
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Writes an event of a mailbox that is not there yet, as it stands: nothing checks what it says. */
const writeRaw = async (store: string, n: number, data: Readonly<Record<string, string>>): Promise<void> => {
  const loaded = await loadStore(store);
  const metadata = {
    commandId: uuid(n),
    correlationId: uuid(n),
    causationId: uuid(n),
    actorId: 'admin',
    actorKind: 'person' as const,
    organizationId,
    command: 'RenameMailbox',
  };
  const event = { id: uuid(n), type: 'MailboxRenamed', schemaVersion: 1, data, metadata };
  const written = await loaded.store.append(StreamName.orThrow(`mailbox-${uuid(n)}`), 'noStream', [event])();
  await loaded.close();
  if (E.isLeft(written)) throw new Error(written.left._tag);
};

describe.each(['sqlite', 'eventstoredb'] as const)('projections on %s', (kind) => {
  let history: TestHistory;
  let views: readonly string[];
  beforeAll(async () => {
    history = await aHistory(kind);
    views = ['--views', history.at('own-views.db')];
  });
  afterAll(() => history.close());

  const projections = (...args: readonly string[]) => mailroom(['projections', ...args, ...history.args, ...views]);
  const listed = async (name: string): Promise<StoredProjection> => {
    const { projections: all } = documentOf<{ projections: readonly StoredProjection[] }>(
      await projections('list', '--json'),
    );
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not listed`);
    return found;
  };

  test('a file of rows that does not exist is bad input for all but run, and is not made', async () => {
    for (const args of [
      ['list'],
      ['rebuild', 'mailboxes'],
      ['diff', 'mailboxes', '1', '2'],
      ['activate', 'mailboxes', '1'],
      ['parked', 'list'],
    ]) {
      const ran = await projections(...args, '--json');
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.error).toContain('--views: expected');
    }
    expect(existsSync(history.at('own-views.db'))).toBe(false);
  });

  test('run --once brings every view to the head, or those that were asked for', async () => {
    expect(await projections('run', '--once', '--only', 'mailboxes', '--log-level', 'silent')).toEqual({
      code: 0,
      out: '',
      error: '',
    });
    expect(await listed('mailboxes')).toMatchObject({ active: first, builds: [{ behind: { count: 0 } }] });
    expect(await listed('alerts')).toMatchObject({ active: null, builds: [] });

    // EventStoreDB chains nothing by itself: there the chain is a projection like the others.
    if (kind === 'eventstoredb') expect(await listed('chain')).toMatchObject({ active: null, builds: [] });
    const chain = await projections('run', '--once', '--only', 'chain', '--log-level', 'silent');
    if (kind === 'eventstoredb') {
      expect(chain).toEqual({ code: 0, out: '', error: '' });
      const { builds, active } = await listed('chain');
      expect(builds).toMatchObject([{ version: active, behind: { unit: 'bytes', count: 0 } }]);
      const rebuilt = await projections('rebuild', 'chain');
      expect(rebuilt).toMatchObject({ code: 2, out: '' });
      expect(rebuilt.error).toContain('NAME: expected a view');
    } else {
      expect(chain).toMatchObject({ code: 2, out: '' });
      expect(chain.error).toContain('--only: expected some of mailboxes, ');
      await expect(listed('chain')).rejects.toThrow('not listed');
    }

    const all = await projections('run', '--once', '--json');
    expect(all.code).toBe(0);
    expect(documentOf(all)).toMatchObject({
      projections: expect.arrayContaining([expect.objectContaining({ name: 'alerts' })]) as unknown,
    });
    expect(await listed('alerts')).toMatchObject({ builds: [{ behind: { count: 0 } }] });
    // What was folded here is what the history says.
    expect(await mailroom(['audit', 'verify', ...history.args, ...views, '--json'])).toMatchObject({ code: 0 });
  });

  test('run goes on with what is written, until the signal', async () => {
    const stop = new AbortController();
    const args = ['projections', 'run', ...history.args, ...views, '--log-level', 'silent', '--only', 'mailboxes'];
    const running = mailroom(args, {}, stop.signal);
    const loaded = await loadStore(history.store);
    const [newest] = E.getOrElseW(() => [])(
      await loaded.store.readStream(StreamName.orThrow(`mailbox-${ada}`), { backwards: true, limit: 1 })(),
    );
    if (newest === undefined) throw new Error('there is no mailbox');
    const rename = Mailbox.MailboxRenamed({
      mailboxId: MailboxId.orThrow(ada),
      personId: PersonId.orThrow(uuid(1)),
      name: Name.orThrow('Ada King'),
    });
    const event = { ...mailboxEvents.encode(rename), id: uuid(500), metadata: newest.metadata };
    const written = await loaded.store.append(newest.stream, newest.revision, [event])();
    expect(written._tag).toBe('Right');
    await loaded.close();
    await expect.poll(async () => (await listed('mailboxes')).builds[0]?.behind?.count, { timeout: 10_000 }).toBe(0);
    stop.abort();
    expect(await running).toMatchObject({ code: 0, error: '' });
  });

  test('rebuild makes another build that readers see, diff finds them the same, activate goes back, drop forgets', async () => {
    const rebuilt = await projections('rebuild', 'mailboxes', '--json');
    expect(rebuilt.code).toBe(0);
    expect(documentOf(rebuilt)).toMatchObject({ name: 'mailboxes', version: first + 1, before: first });
    expect((await listed('mailboxes')).active).toBe(first + 1);
    const same = await projections('diff', 'mailboxes', `${first}`, `${first + 1}`, '--json');
    expect(same).toMatchObject({ code: 0, error: '' });
    expect(documentOf(same)).toMatchObject({ name: 'mailboxes', differences: [] });
    expect((await projections('activate', 'mailboxes', `${first}`)).code).toBe(0);
    expect((await listed('mailboxes')).active).toBe(first);
    expect((await projections('drop', 'mailboxes', `${first + 1}`)).code).toBe(0);
    expect((await listed('mailboxes')).builds.map(({ version }) => version)).toEqual([first]);
  });

  test.each([
    [['rebuild', 'nothing'], 'NAME'],
    [['rebuild', 'process/testing'], 'NAME'],
    [['diff', 'mailboxes', `${first}`, '77'], 'VERSION'],
    [['diff', 'mailboxes', 'one', '2'], 'V1'],
    [['activate', 'mailboxes', '77'], 'VERSION'],
    [['parked', 'retry', 'mailboxes', 'no such key'], 'KEY'],
    [['run', '--only', 'nothing'], '--only'],
    [['run', '--stale-after', 'soon'], '--stale-after'],
    [['run', '--listen', 'somewhere'], '--listen'],
    [['run', '--config', 'no-such-file'], '--config'],
  ])('%j is bad input that is named', async (args, name) => {
    const ran = await projections(...args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.error).toContain(name);
  });

  test('an event that cannot be applied halts, or parks its key, which is listed, retried and given up', async () => {
    const key = `stream:mailbox-${uuid(901)}`;
    await writeRaw(history.store, 901, { mailboxId: 'none' });
    const halted = await projections('run', '--once', '--log-level', 'silent', '--only', 'mailboxes');
    expect(halted).toMatchObject({ code: 3, out: '' });
    expect(halted.error).toContain('mailboxes is halted');

    const parking = await projections(
      'run',
      '--once',
      '--log-level',
      'silent',
      '--only',
      'mailboxes',
      '--on-poison',
      'park',
    );
    expect(parking.code).toBe(0);
    const list = await projections('parked', 'list', '--json');
    expect(documentOf(list)).toMatchObject({ parked: [{ name: 'mailboxes', key, events: [{ eventId: uuid(901) }] }] });
    expect((await projections('parked', 'list')).out).toContain(key);

    const retried = await projections('parked', 'retry', 'mailboxes', key, '--json');
    expect(retried.code).toBe(1);
    expect(documentOf(retried)).toMatchObject({ applied: false });
    expect(await projections('parked', 'drop', 'mailboxes', key)).toMatchObject({ code: 2, out: '' });
    expect((await projections('parked', 'drop', 'mailboxes', key, '--yes')).code).toBe(0);
    expect(documentOf(await projections('parked', 'list', '--json'))).toEqual({ parked: [] });
  });
});

describe('settings', () => {
  test('without the vault nothing is run, and every place is named where it could have been given', async () => {
    const ran = await mailroom(['projections', 'run'], { MAILROOM_STORE: 'no-such-file' });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.error).toContain('--store: expected a file that exists');
    expect(ran.error).toContain('--vault, MAILROOM_VAULT or process.vault: expected');
  });

  test('alert mail is left to a process that has a mail server, and what is wrong with one is named', async () => {
    const history = await aHistory('sqlite');
    try {
      const file = history.at('mailroom.json');
      const running = async (alertMail: unknown) => {
        writeFileSync(
          file,
          JSON.stringify({ process: { views: 'mail-views.db', ...(alertMail === null ? {} : { alertMail }) } }),
        );
        return mailroom(['projections', 'run', '--once', '--processes', '--config', file, ...history.args], {
          MAIL: 'hunter22',
        });
      };
      const namesIn = ({ error }: { readonly error: string }): readonly string[] =>
        (JSON.parse(error.split('\n')[0] ?? '') as { projections: readonly string[] }).projections;
      expect(namesIn(await running(null))).not.toContain('process/alert-mail');
      const server = { host: 'mail.example.org', from: 'mailroom@example.org', userName: 'mailroom' };
      const able = await running({ ...server, password: { env: 'MAIL_OF_NOBODY' } });
      expect(able).toMatchObject({ code: 2, out: '' });
      expect(able.error).toContain('process.alertMail');
      expect(namesIn(await running({ host: 'mail.example.org', from: 'mailroom@example.org' }))).toContain(
        'process/alert-mail',
      );
      const wrong = await running({ from: 7, ports: [] });
      expect(wrong).toMatchObject({ code: 2, out: '' });
      for (const key of ['process.alertMail.host', 'process.alertMail.from', 'process.alertMail.ports']) {
        expect(wrong.error).toContain(key);
      }
    } finally {
      await history.close();
    }
  });

  test('a password in an address that cannot be reached is in no output', async () => {
    const history = await aHistory('sqlite');
    try {
      const password = 'p4ssw0rd-of-the-rows';
      const { out, error, code } = await mailroom(['projections', 'list', '--store', history.store], {
        MAILROOM_VIEWS: `postgres://mailroom:${password}@127.0.0.1:1/rows`,
      });
      expect(code).toBe(3);
      expect(out + error).not.toContain(password);
    } finally {
      await history.close();
    }
  });
});
