import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { dataFolder, startQuickstart } from './test-support/quickstart-process.ts';

const folders: { readonly remove: () => void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const profile = { name: 'Support', outgoing: { host: 'mail.example.org', port: 587, tls: 'starttls' } };
const mailbox = {
  kind: 'user',
  name: 'Ada',
  address: 'ada@example.org',
  profile: 'Support',
  password: { env: 'ADA_PASSWORD' },
};

const runWith = async (text: string | undefined) => {
  const files = dataFolder();
  const data = dataFolder();
  folders.push(files, data);
  const file = join(files.path, 'mine.json');
  if (text !== undefined) writeFileSync(file, text);
  const finished = await startQuickstart(data.path, ['--config', file, '--json'], { ADA_PASSWORD: 'x-not-shown' })
    .finished;
  return { ...finished, written: existsSync(data.path) ? readdirSync(data.path) : [] };
};

describe('bad input ends with 2, says which field and what was expected, and writes nothing', () => {
  test.each<[string, string | undefined, readonly string[]]>([
    ['a missing file', undefined, ['--config: expected a file that can be read']],
    ['text that is not JSON', '{', ['expected JSON']],
    [
      'several mistakes at once',
      JSON.stringify({
        profils: [],
        profiles: [{ ...profile, outgoing: { host: 'https://mail.example.org', port: 70_000, tls: 'ssl' } }],
        mailboxes: [mailbox, { ...mailbox, profile: 'Sales', password: { env: 'NOT_SET_ANYWHERE' } }],
      }),
      [
        'profils: is not a known key; did you mean "profiles"?',
        'profiles[0].outgoing.host: expected a host name',
        'profiles[0].outgoing.port: expected a port from 1 to 65535',
        'profiles[0].outgoing.tls: expected "tls", "starttls" or "none"',
        'mailboxes[1].address: expected an address that no other mailbox has',
        'mailboxes[1].profile: expected the name of a profile in this file',
        'mailboxes[1].password.env: expected the name of an environment variable that is set',
      ],
    ],
  ])('%s', async (_, text, expected) => {
    const { code, stdout, stderr, written } = await runWith(text);
    expect(code).toBe(2);
    for (const sentence of expected) expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
    expect(written).toEqual([]);
  });

  test('an option that does not exist', async () => {
    const data = dataFolder();
    folders.push(data);
    const { code, stderr } = await startQuickstart(data.path, ['--konfig', 'x']).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('--konfig');
  });
});
