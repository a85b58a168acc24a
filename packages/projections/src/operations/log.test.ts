import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog, type LogOptions } from './log.ts';
import { progressLog } from './log-progress.ts';
import { secretsInAddress } from './scrub.ts';
import { aProgress } from './test-support.ts';

const aLog = (secrets: readonly string[], options: Partial<LogOptions> = {}) => {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', isPretty: false, secrets, write: (line) => lines.push(line), ...options });
  return { log, lines };
};

// It is used as the name of a field too, where the library cannot take what every object has.
const aSecret = fc.string({ minLength: 6, maxLength: 30 }).filter((text) => text.trim().length >= 6 && !(text in {}));

test.each([false, true])('a secret that is planted everywhere never shows (pretty: %s)', (isPretty) => {
  fc.assert(
    fc.property(aSecret, (secret) => {
      const { log, lines } = aLog([secret], { isPretty });
      const error = Object.assign(new Error(`login with ${secret} failed`), { code: 'EAUTH', password: secret });
      log.info(secret);
      log.info({ password: secret, nested: { token: secret, deep: { secret } }, list: [secret], [secret]: 1 }, 'x');
      log.error({ err: error, error }, `at ${secret}`);
      log.warn({ address: `postgres://ada:${encodeURIComponent(secret)}@db/x` }, 'y');
      log.child({ tenant: secret }).info('%s', secret);
      expect(lines.length).toBeGreaterThanOrEqual(5);
      const said = lines.join('');
      // What JSON and a terminal make of it counts as well.
      for (const spelling of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
        expect(said.includes(spelling)).toBe(false);
      }
    }),
  );
});

test('credentials of any address are taken out, known or not', () => {
  const { log, lines } = aLog([]);
  log.info('cannot reach esdb://admin:changeit@node1:2113?tls=true nor postgresql://u:p%40ss@db.example/rows');
  expect(lines.join('')).not.toMatch(/changeit|p%40ss/);
  expect(lines.join('')).toContain('esdb://***@node1:2113');
});

test('the password of an address is known in both of its spellings', () => {
  expect(secretsInAddress('esdb://admin:ch%40ngeit@node1:2113')).toEqual(['ch%40ngeit', 'ch@ngeit']);
  expect(secretsInAddress('esdb://node1:2113')).toEqual([]);
  expect(secretsInAddress('/var/lib/mailroom.db')).toEqual([]);
});

test('a line is JSON with its level in words, and lower levels are left out', () => {
  const { log, lines } = aLog([], { level: 'warn' });
  log.info('not this');
  log.warn({ projection: 'mailboxes' }, 'this');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'warn', projection: 'mailboxes', msg: 'this', app: 'mailroom' },
  ]);
});

test('the same progress is told once; a new state, error, parked key or readiness is told', () => {
  const { log, lines } = aLog([]);
  const tell = progressLog(log);
  const healthy = { ready: true, reasons: [] };
  const said = (): readonly string[] => lines.splice(0).map((line) => (JSON.parse(line) as { msg: string }).msg);
  tell([aProgress({ state: 'catchingUp' })], healthy);
  expect(said()).toEqual(['is catchingUp']);
  tell([aProgress({ state: 'catchingUp', events: 9 })], healthy);
  expect(said()).toEqual([]);
  tell([aProgress()], healthy);
  expect(said()).toEqual(['is live']);
  const lastError = { tag: 'ViewUnavailable', problem: 'away', at: new Date(0), final: false };
  tell([aProgress({ lastError })], healthy);
  expect(said()).toEqual(['trouble, tried again']);
  tell([aProgress({ lastError, parked: [{ key: 'k', reason: 'r', events: [] }] })], healthy);
  expect(said()).toEqual(['an event could not be applied: its key waits']);
  const stale = (seconds: number) => ({ ready: false, reasons: [`no progress for ${seconds} s`] });
  tell([aProgress({ lastError })], stale(61));
  tell([aProgress({ lastError })], stale(66));
  expect(said()).toEqual(['not ready']);
  tell([aProgress({ lastError })], healthy);
  expect(said()).toEqual(['ready']);
});
