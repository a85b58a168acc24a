import { describe, expect, test } from 'vitest';
import { sentencesOf } from '../kernel/rejection.ts';
import * as Address from '../address/index.ts';
import * as Mailbox from '../mailbox/index.ts';
import * as Profile from '../profile/index.ts';
import * as Settings from '../settings/index.ts';
import * as TestRun from '../test-run/index.ts';
import { sentences } from './sentences.ts';
import { reject as ofUseCases } from './use-cases/texts.ts';

const all = Object.values(sentences).flat();

/** What a sentence may leave to be filled in. A new name belongs here with what it stands for. */
const parameters = {
  input: ['field', 'expected', 'command', 'privilege', 'missing', 'template', 'needed', 'setting'],
  records: ['id', 'profileId', 'mailboxId', 'runId', 'mailboxes', 'kind', 'mailbox', 'folder', 'address', 'subject'],
  settings: ['method', 'channel', 'direction', 'Direction', 'allowed', 'authentication', 'credentials'],
  servers: ['host', 'port', 'tlsPort', 'protocol', 'tls', 'usualPorts', 'offered', 'found', 'limit', 'provider'],
  certificates: ['validTo', 'validFrom', 'names', 'days'],
  mail: ['profile', 'failing', 'since'],
  others: ['at', 'advice', 'why', 'reason', 'minutes', 'helpUrl'],
};

/** One word for one thing. What is on the left is never said. */
const terms: readonly (readonly [never: RegExp, say: string])[] = [
  [/e-mail/i, 'email'],
  [/\busername|user-name|login name/i, 'user name'],
  [/\bSSL\b/, 'TLS'],
  [/\bpermit/, 'allow'],
  [/\binactive|disabled mailbox|switched off mailbox/, 'deactivated'],
  [/\bsign in|signed in|logon/i, 'log in'],
  [/\btenant/i, 'organization'],
  [/\bdeployment/i, 'installation'],
  [/\bimpossible|illegal|invalid|fatal|abort/i, 'what is expected'],
  [/server side/i, 'server-side'],
  [/\bautoDetect|serverSide|starttls\b/, 'the name that people see'],
  [/!|\b(sorry|oops|unfortunately)\b/i, 'what happened'],
  [/ {2}/, 'one space'],
];

describe('every sentence for people', () => {
  test.each(all)('$key', ({ sentence }) => {
    expect(sentence).toMatch(/^["A-Z{]/);
    expect(sentence).toMatch(/(\.|\{advice\}|\{why\}|\{helpUrl\})$/);
    for (const [, name] of sentence.matchAll(/\{(\w*)\}/g)) expect(Object.values(parameters).flat()).toContain(name);
    expect(sentence.replaceAll(/\{\w+\}/g, '')).not.toMatch(/[{}]/);
    for (const [never, say] of terms) expect(sentence, `say: ${say}`).not.toMatch(never);
  });

  test.each(sentences.rejections.filter(({ key }) => key !== 'rejection.InvalidCommand'))(
    '$key says what is refused, and then what to do instead',
    ({ sentence }) => expect(sentence.split(/[.:] /).length).toBeGreaterThan(1),
  );

  test('no two say the same, and each has its own key', () => {
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    expect(new Set(sentences.rejections.map(({ sentence }) => sentence)).size).toBe(sentences.rejections.length);
  });

  test('a rejection that several aggregates know says the same in each of them', () => {
    const tables = [
      ofUseCases,
      Profile.reject,
      Settings.reject,
      Mailbox.rejections,
      Address.reject,
      TestRun.rejections,
    ].flatMap((table) => sentencesOf(table));
    for (const { key, sentence } of tables) {
      expect(sentences.rejections.find((one) => one.key === key)?.sentence).toBe(sentence);
    }
  });
});
