import { readFileSync } from 'node:fs';
import { failureTaxonomy, isFailureKind } from '@mailroom/domain';
import { personas } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ChannelDocument,
  type Document,
  dataFolder,
  documentOf,
  everythingIn,
  type Finished,
  startQuickstart,
} from './test-support/quickstart-process.ts';

const data = dataFolder();
let first: Finished;
let document: Document;
let stored: string;

beforeAll(async () => {
  first = await startQuickstart(data.path, ['--json']).finished;
  document = documentOf(first);
  stored = everythingIn(data.path);
}, 60_000);
afterAll(() => data.remove());

const mailboxOf = (address: string): Document['mailboxes'][number] => {
  const mailbox = document.mailboxes.find((one) => one.address === address);
  if (mailbox === undefined) throw new Error(`No mailbox ${address}`);
  return mailbox;
};

describe('every persona gets the verdict that the script of the sandbox says is true', () => {
  const cases = personas.flatMap((persona) =>
    (['incoming', 'outgoing'] as const).map((channel) => ({ persona, channel, truth: persona.truth[channel] })),
  );
  test.each(cases)('$persona.id, $channel', ({ persona, channel, truth }) => {
    const found: ChannelDocument = mailboxOf(persona.address)[channel];
    if (truth.status === 'success' || truth.healsAfter !== undefined) {
      expect(found).toEqual({ status: 'success', enabled: true });
      return;
    }
    const { kind, disposition, scope } = truth;
    expect(found).toMatchObject({ status: 'failure', enabled: false, kind, disposition, scope });
    expect(isFailureKind(kind)).toBe(true);
    // The advice is the one that the taxonomy has for this kind, with its names filled in.
    const [opening = ''] = isFailureKind(kind) ? failureTaxonomy[kind].advice.split('{') : [];
    expect(found.advice?.startsWith(opening)).toBe(true);
    expect(found.advice).not.toMatch(/[{}]/);
  });
});

test('each mailbox is there once, approved, with appointments not run', () => {
  expect(document.mailboxes.map(({ address }) => address).sort()).toEqual(
    personas.map(({ address }) => address).sort(),
  );
  for (const { approved, appointments } of document.mailboxes) {
    expect(approved).toBe(true);
    expect(appointments).toEqual({ status: 'notRun', enabled: false });
  }
});

test('each failure has its alert, and each mailbox that works its information', () => {
  for (const { address, truth } of personas) {
    const about = document.alerts.filter((alert) => alert.about === address);
    const works = [truth.incoming, truth.outgoing].every(
      (one) => one.status === 'success' || one.healsAfter !== undefined,
    );
    if (works) expect(about.map(({ severity }) => severity)).toEqual(['information']);
    for (const one of [truth.incoming, truth.outgoing]) {
      if (one.status === 'success' || one.healsAfter !== undefined || one.scope !== 'mailbox') continue;
      expect(about.map(({ kind }) => kind)).toContain(one.kind);
    }
  }
});

test('the pictures of the README say what is said today', () => {
  const recording = readFileSync(new URL('../../../docs/images/quickstart.ansi', import.meta.url), 'utf8');
  // Ports and dates are other ones each time; a sentence is broken where the lines of the terminal end.
  const essence = (text: string): string =>
    text
      // eslint-disable-next-line no-control-regex -- the codes of colours begin with a control character
      .replaceAll(/\u001b\[\d+m/g, '')
      .replaceAll(/\d+/g, '#')
      .replaceAll(/\s+/g, ' ');
  const shown = essence(recording);
  for (const { about, kind, text } of document.alerts) {
    expect(shown).toContain(`${about} ${kind}`);
    expect(shown).toContain(essence(text));
  }
  for (const line of first.stderr.split('\n').filter((one) => /^[✓✗] /.test(one))) {
    expect(shown).toContain(essence(line).trim());
  }
});

test('nothing that was written or printed holds a password, and no stored byte an address or a name', () => {
  for (const { password, address, displayName } of personas) {
    for (const text of [stored, first.stdout, first.stderr]) expect(text).not.toContain(password);
    expect(stored).not.toContain(address);
    expect(stored).not.toContain(displayName);
  }
});

test('a second run goes on from what is stored', async () => {
  const again = documentOf(await startQuickstart(data.path, ['--json']).finished);
  const essence = ({ mailboxes }: Document) =>
    mailboxes.map(({ address, incoming, outgoing }) => [
      address,
      incoming.status,
      incoming.kind,
      outgoing.status,
      outgoing.kind,
    ]);
  expect(essence(again)).toEqual(essence(document));
}, 60_000);
