import type { Position } from '@mailroom/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthOf, type Watched } from './health.ts';
import { metricsOf } from './metrics.ts';
import { operationsServer, type OperationsServer } from './server.ts';
import { aProgress } from './test-support.ts';

const now = new Date(Date.UTC(2026, 0, 1, 9));
const confirmedAt = new Date(now.getTime() - 3000);
let watched: Watched = { now, sourceConfirmedAt: confirmedAt, followers: [] };
let server: OperationsServer;

beforeAll(async () => {
  const look = () => watched;
  const health = () => healthOf(watched, 60_000);
  const owed = () => new Map([['testing', new Map([['running', 2]])]]);
  server = await operationsServer({ listen: '127.0.0.1:0', look, health, metrics: metricsOf({ look, health, owed }) });
});
afterAll(() => server.close());

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(server.url + path, init);
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
};

test('it lives, whatever the projections do', async () => {
  watched = { ...watched, followers: [{ progress: aProgress({ state: 'halted' }), confirmedAt }] };
  expect(await get('/health/live')).toMatchObject({ status: 200 });
});

test('it is ready when the projections are, and says why not', async () => {
  watched = { ...watched, followers: [{ progress: aProgress(), confirmedAt }] };
  const ready = await get('/health/ready?verbose');
  expect(ready.status).toBe(200);
  expect(JSON.parse(ready.text)).toMatchObject({
    status: 'ready',
    reasons: [],
    projections: [{ name: 'mailboxes', state: 'live', position: '5', parked: 0 }],
  });
  watched = { ...watched, followers: [{ progress: aProgress({ state: 'halted' }), confirmedAt }] };
  const notReady = await get('/health/ready');
  expect(notReady.status).toBe(503);
  expect(JSON.parse(notReady.text)).toMatchObject({ status: 'notReady', reasons: ['the view mailboxes is halted'] });
});

test('its figures are those of the progress, at the moment they are asked for', async () => {
  const valuesOf = async (): Promise<ReadonlyMap<string, number>> => {
    const { status, text, type } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toContain('text/plain');
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  };
  const label = '{name="mailboxes",kind="view"}';
  const catching = aProgress({ state: 'catchingUp', lagMs: 2500, lagEvents: 7, events: 42, position: '1' as Position });
  watched = { now, sourceConfirmedAt: confirmedAt, followers: [{ progress: catching, confirmedAt }] };
  const before = await valuesOf();
  expect(before.get(`mailroom_projection_lag_seconds${label}`)).toBe(2.5);
  expect(before.get(`mailroom_projection_lag_events${label}`)).toBe(7);
  expect(before.get(`mailroom_projection_events_total${label}`)).toBe(42);
  expect(before.get(`mailroom_projection_unconfirmed_seconds${label}`)).toBe(3);
  expect(before.get('mailroom_projection_state{name="mailboxes",kind="view",state="catchingUp"}')).toBe(1);
  expect(before.get('mailroom_projection_state{name="mailboxes",kind="view",state="live"}')).toBe(0);
  expect(before.get('mailroom_store_unconfirmed_seconds')).toBe(3);
  expect(before.get('mailroom_process_owed{name="testing",state="running"}')).toBe(2);
  expect(before.get('mailroom_ready')).toBe(1);
  expect([...before.keys()].some((name) => name.startsWith('process_cpu_seconds_total'))).toBe(true);

  watched = {
    ...watched,
    followers: [{ progress: aProgress({ state: 'halted', events: 43, lagMs: null }), confirmedAt }],
  };
  const after = await valuesOf();
  expect(after.get(`mailroom_projection_events_total${label}`)).toBe(43);
  expect(after.has(`mailroom_projection_lag_seconds${label}`)).toBe(false);
  expect(after.get('mailroom_projection_state{name="mailboxes",kind="view",state="halted"}')).toBe(1);
  expect(after.get('mailroom_ready')).toBe(0);
});

test('nothing else is there, and nothing can be changed', async () => {
  expect((await get('/')).status).toBe(404);
  expect((await get('/health/ready/x')).status).toBe(404);
  expect((await get('/health/live', { method: 'POST', body: 'x' })).status).toBe(405);
  expect((await get('/health/live', { method: 'HEAD' })).text).toBe('');
});

test('an address that is taken is an error at once', async () => {
  const look = () => watched;
  const health = () => healthOf(watched, 60_000);
  const again = operationsServer({
    listen: server.url.slice('http://'.length),
    look,
    health,
    metrics: metricsOf({ look, health }),
  });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
