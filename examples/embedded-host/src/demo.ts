// The application with something in it, for looking at: scripted mail servers, a company, a day lived over HTTP.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPersonas } from '@mailroom/mail-sandbox';
import { readSettings } from './settings.ts';
import { start } from './start.ts';
import { company, environmentOf } from './test-support/company.ts';
import { drive } from './test-support/drive.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-demo-'));
const sandbox = await startPersonas();
const running = await start(readSettings(environmentOf(folder, sandbox)));
await drive(running.url, sandbox);
console.log('Open one of these in a browser, each as another user; Ctrl+C ends it all.');
for (const { name, role, tenant, token } of company) {
  console.log(`  ${running.url}/enter/${token}  ${name}, ${role} of ${tenant}`);
}

process.once('SIGINT', () => {
  void (async () => {
    await running.stop();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  })();
});
