import { inspect } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertMailer, AlertMailMessage } from '../application/ports/index.ts';
import type { Text } from '../kernel/text.ts';
import { derivedId, type EmailAddress } from '../values/index.ts';
import { runsOf } from './test-size.ts';

/** A mail as its reader sees it. */
export interface ReceivedMail {
  /** The addresses it was delivered to. */
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  /** The names of all headers, in lower case. */
  readonly headers: readonly string[];
}

/** What may be the matter with the mail server. */
export type MailServerState = 'well' | 'away' | 'busy' | 'refusesLogin' | 'refusesRecipients' | 'knowsOnlyTheFirst';

export interface AlertMailerUnderTest {
  readonly mailer: AlertMailer;
  /** Two addresses that the server delivers to. */
  readonly recipients: readonly [EmailAddress, EmailAddress];
  /** Everything that was delivered so far. */
  readonly received: () => Promise<readonly ReceivedMail[]>;
  /** Must appear nowhere; null: it works without one. */
  readonly password: string | null;
  readonly dispose: () => Promise<void>;
}

const text = (sentence: string): Text => ({ key: 'test', params: {}, sentence });
const message = (to: readonly EmailAddress[], changes: Partial<AlertMailMessage> = {}): AlertMailMessage => ({
  id: derivedId('mail of a test'),
  to,
  subject: text('Most mailboxes do not work'),
  paragraphs: [text('It began at nine.'), text('See to it.')],
  ...changes,
});
const shown = (received: string): string => received.replace(/\s+/g, ' ').trim();

/** What every `AlertMailer` promises. `open` starts a server in this state and a mailer that uses it. */
export const alertMailerLaws = (
  name: string,
  open: (server: MailServerState) => Promise<AlertMailerUnderTest>,
): void => {
  describe(`${name} is an alert mailer`, () => {
    let subject: AlertMailerUnderTest | undefined;
    const given = async (server: MailServerState): Promise<AlertMailerUnderTest> => (subject = await open(server));
    afterEach(async () => {
      await subject?.mailer.close();
      await subject?.dispose();
      subject = undefined;
    });

    it('brings a mail to all of its recipients', async () => {
      const { mailer, recipients, received } = await given('well');
      expect(await mailer.send(message(recipients))()).toEqual(E.right(undefined));
      const [mail, ...others] = await received();
      expect(others).toEqual([]);
      expect([...(mail?.to ?? [])].sort()).toEqual([...recipients].sort());
      expect(mail).toMatchObject({ subject: 'Most mailboxes do not work' });
      expect(mail?.text).toMatch(/^It began at nine\.\s*\n\s*\nSee to it\.\s*$/);
      expect(mail?.headers).toContain('date');
    });

    it('brings whatever the texts say, and nothing in them becomes a header', async () => {
      const { mailer, recipients, received } = await given('well');
      const plain = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
      const hostile = fc.constantFrom(
        'x\r\nBcc: eve@example.test\r\n\r\nbody',
        '.\r\n.\r\nQUIT',
        `${'long '.repeat(300)}end`,
        '=?UTF-8?Q?not_a_word?=',
        'Postfächer in Not: 郵便箱 📭',
      );
      let sent = 0;
      await fc.assert(
        fc.asyncProperty(fc.oneof(plain, hostile), fc.oneof(plain, hostile), async (about, body) => {
          const mail = message([recipients[0]], {
            id: derivedId('mail', String(sent++)),
            subject: text(about),
            paragraphs: [text(body)],
          });
          expect(E.isRight(await mailer.send(mail)())).toBe(true);
          const got = (await received()).at(-1);
          expect(got?.to).toEqual([recipients[0]]);
          expect(got?.headers).not.toContain('bcc');
          expect(shown(got?.text ?? '')).toBe(shown(visible(body)));
          expect(shown(got?.subject ?? '')).toBe(shown(visible(about)));
        }),
        { numRuns: runsOf({ small: 15, ci: 40, full: 300 }) },
      );
    });

    it('sends a mail again as the same message, and another one as another', async () => {
      const { mailer, recipients, received } = await given('well');
      for (const id of ['one', 'one', 'two']) {
        expect(E.isRight(await mailer.send(message(recipients, { id: derivedId('mail', id) }))())).toBe(true);
      }
      const [first, again, other] = (await received()).map(({ messageId }) => messageId);
      expect(first).toMatch(/^<[^<>\s]+@[^<>\s]+>$/);
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    });

    it('succeeds when one of the recipients is known', async () => {
      const { mailer, recipients, received } = await given('knowsOnlyTheFirst');
      expect(E.isRight(await mailer.send(message(recipients))())).toBe(true);
      expect((await received()).map(({ to }) => to)).toEqual([[recipients[0]]]);
    });

    it.each([
      ['away', 'AlertMailUnavailable'],
      ['busy', 'AlertMailUnavailable'],
      ['refusesLogin', 'AlertMailRefused'],
      ['refusesRecipients', 'AlertMailRefused'],
    ] as const)('with a server that is or does this says so: %s', async (server, tag) => {
      const { mailer, recipients, received, password } = await given(server);
      const answer = await mailer.send(message(recipients))();
      expect(answer).toMatchObject({ left: { _tag: tag } });
      if (password !== null) expect(inspect(answer, { depth: 20 })).not.toContain(password);
      expect(await received()).toEqual([]);
    });

    it('sends nothing once it is closed', async () => {
      const { mailer, recipients, received } = await given('well');
      await mailer.close();
      expect(await mailer.send(message(recipients))()).toMatchObject({ left: { _tag: 'AlertMailUnavailable' } });
      await mailer.close();
      expect(await received()).toEqual([]);
    });
  });
};

/** Control characters other than line breaks have no place in a mail. */
const visible = (words: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what may be taken out
  words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
