import { stripVTControlCharacters } from 'node:util';
import type { MailboxStatus } from '@mailroom/projections';
import pc from 'picocolors';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { report as Report } from './report.ts';

/** In colours, wherever the test runs. */
let report: typeof Report;
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('./colours.ts', () => ({ colours: pc.createColors(true) }));
  ({ report } = await import('./report.ts'));
});
afterAll(() => {
  vi.doUnmock('./colours.ts');
  vi.resetModules();
});

const channel = {
  status: 'failure',
  enabled: false,
  kind: 'AuthTemporarilyUnavailable',
  nextAttemptAt: 'x',
  paused: false,
};
const mailbox = {
  mailboxId: 'm-1',
  name: 'A name that is longer than the column of names is wide',
  address: 'somebody.with.a.long.name@department.example.test',
  active: true,
  channels: { incoming: channel, outgoing: { ...channel, status: 'success', enabled: true } },
} as unknown as MailboxStatus;

test.each([60, 80, 120, 200])('on %i columns no row of the table is broken, whatever colours it has', (columns) => {
  const lines = report({ mailboxes: [mailbox], alerts: [], history: [], people: new Map() }, columns).split('\n');
  const table = lines.map(stripVTControlCharacters).filter((line) => /^[┌├│└]/.test(line));
  expect(table.length).toBeGreaterThan(4);
  expect(new Set(table.map((line) => line.length))).toEqual(new Set([Math.max(60, Math.min(columns, 120))]));
  expect(lines.join('')).toContain('\u001b[31m✗ Failure\u001b[39m');
  // All that is left of a code that was cut in two are its figures.
  expect(table.join('')).not.toMatch(/\d+m/);
  expect(table.join('').replaceAll(/[│\s]/g, '')).toContain('AuthTemporarilyUnavailable'.slice(0, 10));
});
