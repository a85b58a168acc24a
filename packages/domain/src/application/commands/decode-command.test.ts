import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedId } from '../../kernel/derived-id.ts';
import { findingsOf } from '../../kernel/rejection.ts';
import { Secret } from '../../values/index.ts';
import { commandTypes } from './command.ts';
import { decodeCommand } from './decode-command.ts';

const id = derivedId('anything');

const problems = (input: unknown): readonly string[] => {
  const decoded = decodeCommand(input);
  return E.isLeft(decoded) ? findingsOf(decoded.left).map(({ text }) => text.sentence) : [];
};
const fieldsOf = (input: unknown): readonly (string | null)[] => {
  const decoded = decodeCommand(input);
  return E.isLeft(decoded) ? findingsOf(decoded.left).map(({ field }) => field) : [];
};

describe('a good command', () => {
  test.each<[Record<string, unknown>]>([
    [{ type: 'CreateProfile', name: 'Support', serverType: 'imap-smtp', incoming: { host: 'mail.example.org' } }],
    [{ type: 'ChangeProfile', profileId: id, incoming: null, outgoing: { port: 'automatic' }, loginTemplate: null }],
    [{ type: 'SetProfileCredentials', profileId: id, userName: 'service', password: 'x' }],
    [{ type: 'ConfigureEmailSettings', defaultProfileId: null, incoming: 'serverSide' }],
    [{ type: 'RegisterMailbox', kind: 'user', regardingId: 'ada', name: 'Ada', address: 'ada@example.org' }],
    [{ type: 'SetMailboxProcessingStart', mailboxId: id, processEmailFrom: null }],
    [{ type: 'TestAndEnable', mailboxIds: [id], channels: ['incoming'] }],
    [{ type: 'TestAndEnable', profileId: id }],
    [{ type: 'DismissAlert', alertKey: null }],
  ])('%o is read', (input) => expect(problems(input)).toEqual([]));

  test('leaves out what is undefined', () => {
    const input = { type: 'EditMailboxes', mailboxIds: [id], profileId: undefined };
    expect(decodeCommand(input)).toEqual(E.right({ type: 'EditMailboxes', mailboxIds: [id] }));
  });

  test('takes a moment as a date or as text, and a list with repetitions once each', () => {
    const date = new Date('2026-01-01T09:00:00.000Z');
    for (const processEmailFrom of [date, '2026-01-01T09:00:00Z', '2026-01-01T10:00:00.000+01:00']) {
      const input = { type: 'SetMailboxProcessingStart', mailboxId: id, processEmailFrom };
      expect(decodeCommand(input)).toMatchObject({ right: { processEmailFrom: date } });
    }
    expect(decodeCommand({ type: 'ApproveMailbox', mailboxIds: [id, id] })).toMatchObject({
      right: { mailboxIds: [id] },
    });
  });

  test('keeps its password out of sight', () => {
    for (const password of ['hunter2', new Secret('hunter2')]) {
      const decoded = decodeCommand({ type: 'SetMailboxCredentials', mailboxId: id, userName: 'ada', password });
      if (E.isLeft(decoded) || decoded.right.type !== 'SetMailboxCredentials') throw new Error('not read');
      expect(decoded.right.password.reveal()).toBe('hunter2');
      expect(JSON.stringify(decoded)).not.toContain('hunter2');
    }
  });
});

describe('a bad command is told field by field, all at once', () => {
  test('unknown, missing and unfit fields', () =>
    expect(
      problems({
        type: 'CreateProfile',
        nam: 'Support',
        serverType: 'exchange',
        incoming: { host: 'https://mail.example.org/owa', port: 70000, tls: 'ssl', pots: 1 },
      }),
    ).toEqual([
      'name: expected one line of text, 1 to 100 characters.',
      'serverType: expected "pop3-smtp" or "imap-smtp".',
      'incoming.host: expected a host name or IP address such as mail.example.org, without scheme, port or path.',
      'incoming.port: expected a port from 1 to 65535, or "automatic".',
      'incoming.tls: expected "tls", "starttls" or "none".',
      'incoming.pots: expected no such field.',
      'nam: expected no such field.',
    ]));

  test.each<[unknown, readonly (string | null)[]]>([
    [null, ['type']],
    ['CreateProfile', ['type']],
    [[], ['type']],
    [{ type: 'DropTables' }, ['type']],
    [{ type: 'constructor' }, ['type']],
    [{ type: 'ActivateProfile' }, ['profileId']],
    [{ type: 'ActivateProfile', profileId: id, toString: 1 }, ['toString']],
    [{ type: 'CreateProfile', name: 'x'.repeat(101), serverType: 'imap-smtp' }, ['name']],
    [{ type: 'ChangeProfile', profileId: id, description: 'x'.repeat(2001) }, ['description']],
    [{ type: 'ChangeProfile', profileId: id, minimumPollingMinutes: 1441 }, ['minimumPollingMinutes']],
    [{ type: 'ChangeProfile', profileId: id, maximumConnections: 0 }, ['maximumConnections']],
    [{ type: 'ChangeProfile', profileId: id, connectionTimeLimitMs: 100_001 }, ['connectionTimeLimitMs']],
    [{ type: 'ChangeProfile', profileId: id, processEmailFrom: 'yesterday' }, ['processEmailFrom']],
    [{ type: 'ChangeProfile', profileId: id, alertMail: 'yes' }, ['alertMail']],
    [{ type: 'ChangeProfile', profileId: id, incoming: 'mail.example.org' }, ['incoming']],
    [{ type: 'SetMailboxCredentials', mailboxId: id, userName: 'a\r\nb', password: '' }, ['userName', 'password']],
    [{ type: 'SetMailboxCredentials', mailboxId: id, userName: 'a', password: 'x\r\nQUIT' }, ['password']],
    [{ type: 'SetMailboxCredentials', mailboxId: id, userName: 'a', password: 'x'.repeat(1025) }, ['password']],
    [{ type: 'ApproveMailbox', mailboxIds: [] }, ['mailboxIds']],
    [{ type: 'ApproveMailbox', mailboxIds: [id, 'x'] }, ['mailboxIds.1']],
    [{ type: 'TestAndEnable' }, ['mailboxIds']],
    [{ type: 'TestAndEnable', mailboxIds: [id], profileId: id }, ['mailboxIds']],
    [{ type: 'DismissAlert', alertKey: '' }, ['alertKey']],
  ])('%o', (input, expected) => expect(fieldsOf(input)).toEqual(expected));

  test('no value is ever repeated, wherever it stands', () => {
    const secret = 'correct-horse-battery-staple';
    const leaf = fc.constantFrom<unknown>(secret, [secret], { [`a${secret.length}`]: secret }, { password: secret });
    const names = ['name', 'password', 'userName', 'mailboxId', 'mailboxIds', 'incoming', 'profileId', 'x'];
    fc.assert(
      fc.property(fc.constantFrom(...commandTypes), fc.dictionary(fc.constantFrom(...names), leaf), (type, rest) => {
        const decoded = decodeCommand({ ...rest, type });
        expect(JSON.stringify(decoded)).not.toContain(secret.slice(0, 12));
      }),
    );
  });

  test('whatever comes, the answer is a command or findings', () =>
    fc.assert(
      fc.property(fc.constantFrom(...commandTypes), fc.object(), (type, rest) => {
        const decoded = decodeCommand({ ...rest, type });
        if (E.isLeft(decoded)) expect(findingsOf(decoded.left).length).toBeGreaterThan(0);
        else expect(decoded.right.type).toBe(type);
      }),
    ));
});
