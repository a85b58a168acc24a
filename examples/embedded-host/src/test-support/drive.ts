import assert from 'node:assert/strict';
import { personas, type RunningPersonas } from '@mailroom/mail-sandbox';
import type { AlertLine, HistoryLine, MailboxStatus } from '@mailroom/projections';
import { type Client, clientOf, type Listening } from './client.ts';
import { startsAt } from './company.ts';

const personaOf = (id: string) => {
  const persona = personas.find((one) => one.id === id);
  assert.ok(persona);
  return persona;
};

/** The mailboxes of the story: one that works, and one whose owner mistyped the password. */
const boxes = { ada: personaOf('works-imap'), carla: personaOf('wrong-password') };

/** Lives a day of this application over HTTP, and leaves two browsers watching: their streams are its answer. */
export const drive = async (url: string, { ports }: RunningPersonas): Promise<readonly Listening[]> => {
  const as = (name: string): Client => clientOf(url, `token-of-${name}`);
  const grace = as('grace');

  await refusesStrangers(url);
  const profileId = await createsProfile(grace, as('ada'), ports);
  const mailboxIds = await registersMailboxes(grace, profileId);
  await takesPasswordsOverSecureChannelsOnly(as('ada'), as('carla'), mailboxIds);
  await previewsThenApproves(grace, Object.values(mailboxIds));
  const watching = await testsWhilePeopleWatch(grace, as('ada'), as('carla'), mailboxIds);
  await keepsTenantsApart(as('mallory'), mailboxIds.ada);
  await tellsTheAuditor(as('audrey'), mailboxIds.ada);
  return watching;
};

const refusesStrangers = async (url: string): Promise<void> => {
  assert.equal((await clientOf(url, 'guessed').get('/api/mailboxes')).status, 401);
  assert.match(await (await fetch(url)).text(), /My mailboxes/);
};

const createsProfile = async (admin: Client, agent: Client, ports: RunningPersonas['ports']): Promise<string> => {
  const command = {
    type: 'CreateProfile',
    name: 'Support',
    serverType: 'imap-smtp',
    incoming: { host: '127.0.0.1', port: ports.imap, tls: 'tls' },
    outgoing: { host: '127.0.0.1', port: ports.smtp, tls: 'starttls' },
  } as const;
  assert.equal((await agent.execute(command)).status, 403);
  assert.equal((await admin.execute('not JSON')).status, 422);
  const wrong = await admin.execute({ ...command, name: '', incoming: { host: 'http://mail' } });
  assert.equal(wrong.status, 422);
  assert.deepEqual(
    (wrong.body['rejected'] as { field: string }[]).map(({ field }) => field),
    ['name', 'incoming.host'],
  );

  const key = { 'idempotency-key': '6f1c1f0e-8a43-4a2e-9f4e-0d9d7c5f9b11' };
  const first = await admin.execute(command, key);
  const again = await admin.execute(command, key);
  assert.equal(first.status, 200);
  assert.deepEqual([again.body['duplicate'], again.body['position']], [true, first.body['position']]);
  return (first.body['result'] as { profileId: string }).profileId;
};

type MailboxIds = Readonly<Record<keyof typeof boxes, string>>;

const registersMailboxes = async (admin: Client, profileId: string): Promise<MailboxIds> => {
  const register = async (id: keyof typeof boxes): Promise<string> => {
    const { displayName: name, address } = boxes[id];
    const methods = { incoming: 'serverSide', outgoing: 'serverSide', act: 'none' } as const;
    const command = { type: 'RegisterMailbox', kind: 'user', regardingId: id, name, address, profileId } as const;
    const { position, result } = await admin.do<{ mailboxId: string }>({ ...command, ...methods });
    // The answer carries its position; whoever waits for it finds the own write, always.
    const path = `/api/mailboxes?atLeast=${position}&where.mailboxId=${result.mailboxId}`;
    const [row] = await admin.rows<MailboxStatus>(path);
    assert.equal(row?.address, address);
    assert.deepEqual(
      Object.values(row.channels).map(({ status }) => status),
      ['notRun', 'notRun', 'notRun'],
    );
    assert.match(row.missing[0]?.text.sentence ?? '', /^The mailbox has no user name and password/);
    return result.mailboxId;
  };
  return { ada: await register('ada'), carla: await register('carla') };
};

const takesPasswordsOverSecureChannelsOnly = async (
  ada: Client,
  carla: Client,
  mailboxIds: MailboxIds,
): Promise<void> => {
  const credentials = (id: keyof typeof boxes) =>
    ({
      type: 'SetMailboxCredentials',
      mailboxId: mailboxIds[id],
      userName: boxes[id].userName,
      password: boxes[id].password,
    }) as const;
  const insecure = { 'x-forwarded-proto': 'http' };
  const asked = await ada.get('/api/credentials-entry', insecure);
  assert.equal(asked.body['allowed'], false);
  const refused = await ada.execute(credentials('ada'), insecure);
  assert.equal(refused.status, 422);
  assert.equal((refused.body['rejected'] as { text: string }[])[0]?.text, asked.body['why']);
  assert.deepEqual((await ada.get('/api/credentials-entry')).body, { allowed: true, why: null });

  // Owners enter their own; an agent has no right to anybody else's mailbox.
  await ada.do(credentials('ada'));
  await carla.do(credentials('carla'));
  assert.equal((await ada.execute(credentials('carla'))).status, 403);
};

const previewsThenApproves = async (admin: Client, mailboxIds: readonly string[]): Promise<void> => {
  interface Bulk {
    readonly mailboxes: readonly {
      readonly outcome: string;
      readonly changes: readonly { readonly field: string }[];
    }[];
  }
  const approve = { type: 'ApproveMailbox', mailboxIds } as const;
  const preview = await admin.do<Bulk>({ ...approve, preview: true });
  assert.deepEqual(
    preview.result.mailboxes.map(({ outcome, changes }) => [outcome, changes.map(({ field }) => field)]),
    mailboxIds.map(() => ['changed', ['approval']]),
  );
  assert.equal(preview.position, null);
  assert.equal((await admin.rows('/api/mailboxes?list=pendingApproval')).length, mailboxIds.length);
  const { position } = await admin.do<Bulk>(approve);
  assert.equal((await admin.rows(`/api/mailboxes?list=pendingApproval&atLeast=${position}`)).length, 0);
};

const testsWhilePeopleWatch = async (
  admin: Client,
  ada: Client,
  carla: Client,
  mailboxIds: MailboxIds,
): Promise<readonly Listening[]> => {
  const [adas, carlas] = await Promise.all([ada.listen(), carla.listen()]);
  await admin.do({ type: 'TestAndEnable', mailboxIds: Object.values(mailboxIds) });

  const statuses = (data: unknown) =>
    (data as readonly MailboxStatus[]).map(({ channels, missing }) => ({
      statuses: [channels.incoming, channels.outgoing, channels.act].map(({ status }) => status),
      enabled: channels.incoming.enabled && channels.outgoing.enabled,
      missing: missing.length,
    }));
  const kinds = (data: unknown) => (data as readonly AlertLine[]).map(({ kind, severity }) => `${severity} ${kind}`);

  const done = await adas.until(({ event, data }) => event === 'mailboxes' && statuses(data)[0]?.enabled === true);
  assert.deepEqual(statuses(done.data), [{ statuses: ['success', 'success', 'notRun'], enabled: true, missing: 0 }]);
  await carlas.until(({ event, data }) => event === 'alerts' && kinds(data).includes('error InvalidCredentials'));
  await carlas.until(({ event, data }) => event === 'mailboxes' && statuses(data)[0]?.statuses[1] === 'failure');

  // Everybody saw the steps of the own checks, and of no other.
  for (const [listening, mailboxId] of [
    [adas, mailboxIds.ada],
    [carlas, mailboxIds.carla],
  ] as const) {
    await listening.until(({ event, data }) => event === 'check' && (data as { _tag: string })._tag === 'CheckEnded');
    const checks = listening.seen
      .filter(({ event }) => event === 'check')
      .map(({ data }) => data as { mailboxId: string });
    assert.deepEqual(new Set(checks.map((check) => check.mailboxId)), new Set([mailboxId]));
    const walls = listening.seen.filter(({ event }) => event === 'alerts').flatMap(({ data }) => data as AlertLine[]);
    assert.ok(walls.every(({ about }) => about.id === mailboxId));
  }
  return [adas, carlas];
};

const keepsTenantsApart = async (stranger: Client, mailboxId: string): Promise<void> => {
  for (const view of ['mailboxes?list=all', 'profiles?list=all', 'alerts?list=all', 'testRuns', 'history']) {
    assert.deepEqual(await stranger.rows(`/api/${view}`), []);
  }
  assert.equal((await stranger.execute({ type: 'RenameMailbox', mailboxId, name: 'Mine' })).status, 404);
};

const tellsTheAuditor = async (auditor: Client, mailboxId: string): Promise<void> => {
  const lines = await auditor.rows<HistoryLine>(`/api/history?mailbox=${mailboxId}`);
  assert.deepEqual(
    lines.slice(0, 4).map(({ type, actorId }) => `${type} by ${actorId}`),
    [
      'MailboxRegistered by grace',
      'MailboxCredentialsSet by ada',
      'MailboxApproved by grace',
      'MailboxTestRequested by mailroom',
    ],
  );
  // In the time of the application, not of the machine.
  assert.ok(lines.every(({ at }) => at.startsWith(startsAt.slice(0, 10))));
  assert.equal((await auditor.execute({ type: 'ApproveMailbox', mailboxIds: [mailboxId] })).status, 403);
};
