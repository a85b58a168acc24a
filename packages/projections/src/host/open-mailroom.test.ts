import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Actor,
  type CheckActivity,
  mailboxIdOf,
  OrganizationId,
  PrincipalId,
  privileges,
  type ProfileId,
} from '@mailroom/domain';
import { type RunningPersonas, startPersonas } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MailboxStatus } from '../queries/rows.ts';
import type { Mailroom, MailroomOptions } from './mailroom.ts';
import { openMailroom } from './open-mailroom.ts';

const organizationId = OrganizationId.orThrow('org-1');
const admin: Actor = {
  kind: 'person',
  id: PrincipalId.orThrow('admin'),
  organizationId,
  privileges: [...privileges],
  teams: [],
};

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(`expected success, got ${JSON.stringify(result.left)}`);
  return result.right;
};

let folder: string;
let sandbox: RunningPersonas;
let mailroom: Mailroom;
const seen: CheckActivity[] = [];

const open = (more: Partial<MailroomOptions> = {}) =>
  openMailroom({
    ...more,
    store: join(folder, 'events.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'key') } },
    deployment: {
      allowedAddresses: ['127.0.0.0/8'],
      trustedCertificates: [sandbox.ca],
      retry: { firstDelaySeconds: 3600, attempts: 10, uncertainAttempts: 2 },
    },
  });

const boxOf = (id: string) => mailboxIdOf(organizationId, 'user', id);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-host-'));
  sandbox = await startPersonas();
  mailroom = await open();
  void (async () => {
    for await (const activity of mailroom.checks()) seen.push(activity);
  })();

  const as = mailroom.as(admin);
  const profiles = new Map<string, ProfileId>();
  for (const { id, displayName, address, userName, password, profile } of sandbox.personas) {
    if (!profiles.has(profile.name)) {
      const { incoming, outgoing } = profile;
      const created = right(
        await as.execute({
          type: 'CreateProfile',
          name: profile.name,
          serverType: incoming.protocol === 'pop3' ? 'pop3-smtp' : 'imap-smtp',
          incoming: { host: incoming.host, port: incoming.port, tls: incoming.tls, credentials: 'mailbox' },
          outgoing: { host: outgoing.host, port: outgoing.port, tls: outgoing.tls, credentials: 'mailbox' },
        }),
      );
      profiles.set(profile.name, created.result.profileId);
    }
    const profileId = profiles.get(profile.name);
    if (profileId === undefined) throw new Error('no profile');
    right(
      await as.execute({
        type: 'RegisterMailbox',
        kind: 'user',
        regardingId: id,
        owner: { kind: 'user', id },
        name: displayName,
        address,
        profileId,
        incoming: 'serverSide',
        outgoing: 'serverSide',
        act: 'none',
      }),
    );
    right(await as.execute({ type: 'SetMailboxCredentials', mailboxId: boxOf(id), userName, password }));
  }
  const mailboxIds = sandbox.personas.map(({ id }) => boxOf(id));
  right(await as.execute({ type: 'ApproveMailbox', mailboxIds }));
  right(await as.execute({ type: 'TestAndEnable', mailboxIds }));
  await mailroom.idle();
}, 60_000);

afterAll(async () => {
  await mailroom.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const statuses = async (): Promise<ReadonlyMap<string, MailboxStatus>> => {
  const page = right(await mailroom.as(admin).find('mailboxes'));
  return new Map(page.rows.map((row) => [row.mailboxId, row]));
};

test('every persona gets the verdict that the script of the sandbox says is true', async () => {
  const rows = await statuses();
  for (const { id, truth } of sandbox.personas) {
    const row = rows.get(boxOf(id));
    for (const channel of ['incoming', 'outgoing'] as const) {
      const expected = truth[channel];
      const found = row?.channels[channel];
      const facts = { id, channel, status: found?.status, kind: found?.kind };
      if (expected.status === 'success') {
        expect(facts).toEqual({ id, channel, status: 'success', kind: null });
        expect(found?.enabled).toBe(true);
      } else {
        expect(facts).toEqual({ id, channel, status: 'failure', kind: expected.kind });
        expect(found).toMatchObject({ enabled: false, disposition: expected.disposition, scope: expected.scope });
        expect(found?.advice?.sentence).not.toBe('');
      }
    }
  }
});

test('each failure is one alert on its object, with its severity; what works says so', async () => {
  const page = right(await mailroom.as(admin).find('alerts', { list: 'all' }));
  const found = page.rows.map(({ severity, kind, about }) => `${severity} ${kind} ${about.label}`);

  const rows = await statuses();
  const expected = new Set<string>();
  for (const { id, address, profile, truth } of sandbox.personas) {
    const row = rows.get(boxOf(id));
    for (const channel of ['incoming', 'outgoing'] as const) {
      const verdict = truth[channel];
      if (verdict.status === 'success') continue;
      const severity = row?.channels[channel].nextAttemptAt === null ? 'error' : 'warning';
      expected.add(`${severity} ${verdict.kind} ${verdict.scope === 'profile' ? profile.name : address}`);
    }
    if (truth.incoming.status === 'success' && truth.outgoing.status === 'success') {
      expected.add(`information TestSucceeded ${address}`);
    }
  }
  expect(new Set(found)).toEqual(expected);
  expect(page.rows.every(({ text }) => text.sentence !== '' && !text.sentence.includes('{'))).toBe(true);
});

test('waiting for a position that does not come can be given up', async () => {
  const query = { atLeast: '9'.repeat(16), signal: AbortSignal.timeout(1) };
  expect(await mailroom.as(admin).find('mailboxes', query)).toEqual(
    E.left({ _tag: 'NotReached', problem: 'atLeast: this position was not reached in the time given' }),
  );
});

test('a person sees the own mailbox, its alerts and its history, and nothing of others', async () => {
  const carla: Actor = { ...admin, id: PrincipalId.orThrow('wrong-password'), privileges: [] };
  const as = mailroom.as(carla);
  const own = right(await as.find('mailboxes'));
  expect(own.rows.map(({ mailboxId }) => mailboxId)).toEqual([boxOf('wrong-password')]);
  const wall = right(await as.find('alerts'));
  expect(new Set(wall.rows.map(({ kind }) => kind))).toEqual(new Set(['InvalidCredentials']));
  expect(await as.find('history')).toMatchObject({ left: { _tag: 'PrivilegeMissing', privilege: 'audit.read' } });
  const record = { kind: 'mailbox', id: boxOf('works-imap') } as const;
  expect(right(await as.find('history', { record })).rows).toEqual([]);
  expect(right(await as.find('alerts', { record, list: 'all' })).rows).toEqual([]);
});

test('another organization sees nothing, whatever its privileges', async () => {
  const stranger = mailroom.as({ ...admin, organizationId: OrganizationId.orThrow('org-2') });
  for (const view of ['mailboxes', 'profiles', 'alerts', 'history'] as const) {
    expect(right(await stranger.find(view, { list: 'all' })).rows).toEqual([]);
  }
  const record = { kind: 'mailbox', id: boxOf('works-imap') } as const;
  expect(right(await stranger.find('history', { record })).rows).toEqual([]);
});

test('what is missing says the next action; a mailbox that works misses nothing', async () => {
  const rows = await statuses();
  expect(rows.get(boxOf('works-imap'))?.missing).toEqual([]);
  const carla = rows.get(boxOf('wrong-password'))?.missing ?? [];
  expect(carla.map(({ channel }) => channel)).toEqual(['incoming', 'outgoing']);
});

test('the detail of a mailbox tells each channel step by step, since when it fails and when it is tried again', async () => {
  const rows = await statuses();
  const works = rows.get(boxOf('works-imap'))?.channels.incoming;
  expect(works?.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['connect', 'tls', 'auth', 'quit']));
  expect(works?.steps.some(({ status }) => status === 'failed')).toBe(false);
  expect(works).toMatchObject({ since: null, nextAttemptAt: null });

  const carla = rows.get(boxOf('wrong-password'))?.channels.incoming;
  const failed = carla?.steps.findIndex(({ status }) => status === 'failed') ?? -1;
  expect(carla?.steps[failed]?.step).toBe('auth');
  expect(carla?.steps.slice(failed + 1).every(({ status }) => status === 'notRun')).toBe(true);
  expect(carla).toMatchObject({ since: carla?.testedAt, nextAttemptAt: null });

  const { retries } = await mailroom.idle();
  for (const { mailboxId, channel, at } of retries)
    expect(rows.get(mailboxId)?.channels[channel].nextAttemptAt).toBe(at);
});

test('a profile shows its ports and whether they are automatic, and the health of its mailboxes', async () => {
  const as = mailroom.as(admin);
  const { rows } = right(await as.find('profiles'));
  for (const row of rows) {
    const those = sandbox.personas.filter(({ profile }) => profile.name === row.name);
    const failing = those.filter(({ truth }) =>
      [truth.incoming, truth.outgoing].some(({ status }) => status !== 'success'),
    );
    expect(row).toMatchObject({
      mailboxes: those.length,
      mailboxesWithFailures: failing.length,
      incoming: { port: those[0]?.profile.incoming.port, portSource: 'chosen' },
    });
  }
  const servers = { incoming: { host: 'mail.example.org' }, outgoing: { host: 'mail.example.org' } };
  const created = right(
    await as.execute({ type: 'CreateProfile', name: 'By itself', serverType: 'imap-smtp', ...servers }),
  );
  const where = { profileId: created.result.profileId };
  const own = right(await as.find('profiles', { where, atLeast: created.position })).rows[0];
  expect(own).toMatchObject({
    incoming: { port: 993, portSource: 'automatic' },
    outgoing: { port: 587, portSource: 'automatic' },
    mailboxes: 0,
    mailboxesWithFailures: 0,
  });
});

test('what fails is grouped by server and kind, with the number of mailboxes', async () => {
  const rows = await statuses();
  const expected = new Map<string, number>();
  for (const { id, profile } of sandbox.personas) {
    for (const channel of ['incoming', 'outgoing'] as const) {
      const { kind } = rows.get(boxOf(id))?.channels[channel] ?? {};
      if (kind === null || kind === undefined) continue;
      const { protocol, host, port } = profile[channel];
      const group = `${profile.name} ${protocol} ${host}:${port} ${kind}`;
      expected.set(group, (expected.get(group) ?? 0) + 1);
    }
  }
  const page = right(await mailroom.as(admin).find('failures'));
  const found = page.rows.map(({ profileName, endpoint, kind, mailboxes }): [string, number] => [
    `${profileName} ${endpoint?.protocol} ${endpoint?.host}:${endpoint?.port} ${kind}`,
    mailboxes,
  ]);
  expect(new Map(found)).toEqual(expected);
  expect(found).toHaveLength(expected.size);
  expect(found.map(([, count]) => count)).toEqual(found.map(([, count]) => count).sort((a, b) => b - a));
  const carla = mailroom.as({ ...admin, id: PrincipalId.orThrow('wrong-password'), privileges: [] });
  expect(
    new Set(right(await carla.find('failures')).rows.map(({ kind, mailboxes }) => `${kind} ${mailboxes}`)),
  ).toEqual(new Set(['InvalidCredentials 1']));
});

test('a test run tells how far it has come, to whoever started it', async () => {
  const [run, ...others] = right(await mailroom.as(admin).find('testRuns')).rows;
  expect(others).toEqual([]);
  const succeeded = sandbox.personas.filter(
    ({ truth }) => truth.incoming.status === 'success' && truth.outgoing.status === 'success',
  ).length;
  const mailboxes = sandbox.personas.length;
  expect(run).toMatchObject({ requestedBy: 'admin', stage: 'completed', mailboxes, tests: mailboxes, skipped: [] });
  expect(run).toMatchObject({ succeeded, failed: mailboxes - succeeded, superseded: 0, cancelled: 0 });
  const stranger = mailroom.as({ ...admin, id: PrincipalId.orThrow('ada'), privileges: [] });
  expect(right(await stranger.find('testRuns')).rows).toEqual([]);
});

test('the history tells in words who did what, in order', async () => {
  const record = { kind: 'mailbox', id: boxOf('works-imap') } as const;
  const { rows } = right(await mailroom.as(admin).find('history', { record }));
  expect(rows.map(({ type }) => type).slice(0, 4)).toEqual([
    'MailboxRegistered',
    'MailboxCredentialsSet',
    'MailboxApproved',
    'MailboxTestRequested',
  ]);
  expect(rows[0]).toMatchObject({ actorId: 'admin', actorKind: 'person', command: 'RegisterMailbox' });
  expect(rows.some(({ actorKind }) => actorKind === 'system')).toBe(true);
  expect(rows.every(({ text }) => text.sentence !== '' && !text.sentence.includes('{'))).toBe(true);
  expect(JSON.stringify(rows)).not.toContain('ada-sesame-1815');
});

test('checks could be watched as they went on, each from its start to its end', () => {
  const started = seen.filter(({ _tag }) => _tag === 'CheckStarted');
  const ended = seen.filter(({ _tag }) => _tag === 'CheckEnded');
  expect(started).toHaveLength(sandbox.personas.length * 2);
  expect(ended).toHaveLength(started.length);
  expect(seen.filter(({ _tag }) => _tag === 'StepEnded').length).toBeGreaterThan(started.length);
});

test('idle names the retries that are still due, with their time', async () => {
  const idle = await mailroom.idle();
  const due = idle.retries.map(({ mailboxId }) => mailboxId);
  expect(due).toContain(boxOf('heals-on-retry'));
  expect(idle.stopped).toEqual([]);
  expect(mailroom.progress().every(({ state, lagMs }) => state === 'live' && lagMs === 0)).toBe(true);
});

test('a reader finds the own write', async () => {
  const as = mailroom.as(admin);
  const mailboxId = boxOf('works-imap');
  const renamed = right(await as.execute({ type: 'RenameMailbox', mailboxId, name: 'Ada King' }));
  const page = right(await as.find('mailboxes', { where: { mailboxId }, atLeast: renamed.position }));
  expect(page.rows[0]?.name).toBe('Ada King');
});

test('a dismissed alert leaves the own wall, until the problem occurs again', async () => {
  const carla: Actor = { ...admin, id: PrincipalId.orThrow('wrong-password'), privileges: [] };
  const as = mailroom.as(carla);
  const [first] = right(await as.find('alerts')).rows;
  const { alertKey = '' } = first ?? {};
  const dismissed = right(await as.execute({ type: 'DismissAlert', alertKey, occurrences: first?.count ?? 1 }));
  const keys = async (atLeast: typeof dismissed.position) =>
    right(await as.find('alerts', { atLeast })).rows.map((row) => row.alertKey);
  expect(await keys(dismissed.position)).not.toContain(alertKey);
  expect(right(await mailroom.as(admin).find('alerts', { list: 'all' })).rows.map((row) => row.alertKey)).toContain(
    alertKey,
  );

  const again = right(
    await mailroom.as(admin).execute({ type: 'TestAndEnable', mailboxIds: [boxOf('wrong-password')] }),
  );
  await mailroom.idle();
  expect(await keys(again.position)).toContain(alertKey);
});

test('live feeds tell each person what is theirs, and the newest wall at once', async () => {
  const mailboxId = boxOf('wrong-password');
  const carla = mailroom.as({ id: 'wrong-password', organizationId, privileges: [] });
  const mallory = mailroom.as({ id: 'wrong-password', organizationId: 'org-2', privileges: [...privileges] });
  const stop = new AbortController();
  const checked: string[] = [];
  const hers = (async () => {
    for await (const { mailboxId: id } of carla.checks(stop)) checked.push(id);
  })();
  const others: CheckActivity[] = [];
  const strangers = (async () => {
    for await (const activity of mallory.checks(stop)) others.push(activity);
  })();

  const before = right(await carla.find('alerts')).rows[0]?.count ?? 0;
  right(await mailroom.as(admin).execute({ type: 'TestAndEnable', mailboxIds: [mailboxId, boxOf('works-imap')] }));
  for await (const wall of carla.watch('alerts', stop)) {
    const [alert] = right(wall).rows;
    if (alert !== undefined && alert.count > before) break;
  }
  await mailroom.idle();
  stop.abort();
  await Promise.all([hers, strangers]);
  expect(new Set(checked)).toEqual(new Set([mailboxId]));
  expect(others).toEqual([]);
});

test('opened again, it stands where it stood: nothing is tested a second time', async () => {
  const before = await statuses();
  await mailroom.close();
  const tests = sandbox.servers.imap.accepted;
  mailroom = await open();
  await mailroom.idle();
  expect(await statuses()).toEqual(before);
  expect(sandbox.servers.imap.accepted).toBe(tests);
});

test('idle waits also for what another host on the same file carries out', async () => {
  const mailboxId = boxOf('works-imap');
  const testedAt = async (host: Mailroom) => {
    const [row] = right(await host.as(admin).find('mailboxes', { where: { mailboxId } })).rows;
    return row?.channels.incoming.testedAt ?? '';
  };
  const second = await open();
  const before = await testedAt(second);
  right(await second.as(admin).execute({ type: 'TestAndEnable', mailboxIds: [mailboxId] }));
  await second.idle();
  expect(second.progress().some(({ isLeading }) => isLeading)).toBe(false);
  expect((await testedAt(second)) > before).toBe(true);
  await second.close();
});

test('an opening that fails says which part, and leaves nothing open', async () => {
  const vault = { directory: join(folder, 'vault'), key: { file: join(folder, 'no-such-key') } };
  await expect(openMailroom({ store: join(folder, 'other.db'), vault })).rejects.toMatchObject({
    name: 'OpenFailure',
    part: 'vault',
  });
  await expect(
    openMailroom({ store: join(folder, 'other.db'), vault, deployment: { allowedAddresses: ['everything'] } }),
  ).rejects.toMatchObject({ name: 'OpenFailure', part: 'deployment' });
});

test('with rows in the file of the events, it goes on where it stood, and shows the same', async () => {
  await mailroom.close();
  const memory = await open({ views: 'memory' });
  await memory.idle();
  const expected = right(await memory.as(admin).find('mailboxes')).rows;
  await memory.close();

  // Where nothing is said they lie beside the events, and have been written by every host before.
  const places = [{}, { views: join(folder, 'rows.db') }, { views: { file: join(folder, 'rows.db') } }];
  for (const [n, place] of places.entries()) {
    const kept = await open(place);
    await kept.idle();
    const folded = kept.progress().reduce((sum, { events }) => sum + events, 0);
    expect(folded > 0).toBe(n === 1);
    expect(right(await kept.as(admin).find('mailboxes')).rows).toEqual(expected);
    await kept.close();
  }
});

test('the files hold no address, name or password in clear', async () => {
  await mailroom.close();
  const clear = sandbox.personas.flatMap(({ address, displayName, password }) => [address, displayName, password]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const content = readFileSync(join(file.parentPath, file.name)).toString('latin1');
    for (const text of clear) expect(content.includes(text)).toBe(false);
  }
});
