// A process of its own that opens the application, lives with it and stops it. It ends by itself, or not at all; what
// still keeps it alive once all is given back is printed, for whoever has to find out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { startPersonas } from '@mailroom/mail-sandbox';
import { readSettings } from '../settings.ts';
import { start } from '../start.ts';
import { environmentOf } from './company.ts';
import { drive } from './drive.ts';

const main = async (): Promise<void> => {
  const before = process.getActiveResourcesInfo();
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-embedded-'));
  const sandbox = await startPersonas();
  const running = await start(readSettings(environmentOf(folder, sandbox)));
  const streams = await drive(running.url, sandbox);
  await running.stop();
  await Promise.all(streams.map(({ ended }) => ended));
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
  // Sockets say goodbye in the turn after they were told to.
  await setImmediate();
  const after = process.getActiveResourcesInfo();
  console.log(JSON.stringify({ before, after }));
};

await main();
