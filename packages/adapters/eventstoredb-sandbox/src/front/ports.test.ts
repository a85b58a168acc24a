import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Sandbox } from '../sandbox.ts';
import { start } from '../start.ts';
import { givePortBack, keepPort } from './ports.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});
const opened = async (): Promise<Sandbox> => {
  const sandbox = await start();
  open.push(sandbox);
  return sandbox;
};

it('a server that is down keeps its port: no other sandbox gets it, nor does whoever asks the system for any', async () => {
  const down = await opened();
  await down.kill();
  const others = await Promise.all(Array.from({ length: 12 }, opened));
  expect(new Set([down, ...others].map(({ port }) => port)).size).toBe(13);
  expect(down.port).toBeLessThan(32_768);
  await down.restart();
});

it('passes over a port that somebody else uses', async () => {
  const taken = keepPort();
  givePortBack(taken);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(taken + 1, '127.0.0.1', resolve));
  const sandboxes = [await opened(), await opened()];
  expect(sandboxes.map(({ port }) => port)).not.toContain(taken + 1);
  await new Promise((resolve) => server.close(resolve));
});
