import type { EmailAddress, Failure, TestMessage } from '@mailroom/domain';
import type { Check } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Judge } from './judge.ts';
import { isLost, type SmtpSession } from './session.ts';

/** From the mailbox to itself, marked as written by a program (RFC 3834) so that nothing answers it. No line begins with a dot. */
const contentOf = ({ messageId, subject }: TestMessage, address: EmailAddress, at: Date): string =>
  [
    `From: <${address}>`,
    `To: <${address}>`,
    `Subject: ${subject}`,
    `Message-ID: <${messageId}>`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This message tests whether this mailbox can send and receive. It is removed again.',
  ].join('\r\n');

/** Step `data`: really sends the message; sender and recipient have been accepted. */
export const sendTestMessage = (
  check: Check,
  session: SmtpSession,
  judge: Judge,
  message: TestMessage,
  limitMs: number,
): Promise<E.Either<Failure, void>> =>
  check.step('data', {
    limitMs,
    onTimeout: () => check.failure('ServerTemporarilyUnavailable', {}, { phase: 'data' }),
    run: async () => {
      const asked = await session.converse((send) => send('DATA'));
      if (isLost(asked)) return E.left(judge.lost('data', asked));
      if (asked.reply.code !== 354) return E.left(judge.refused('data', 'DATA', asked.reply));
      const content = contentOf(message, check.target.address, new Date());
      const answer = await session.converse((send) => send(`${content}\r\n.`));
      if (isLost(answer)) return E.left(judge.lost('data', answer));
      const isTaken = answer.reply.code >= 200 && answer.reply.code < 300;
      return isTaken ? E.right(undefined) : E.left(judge.refused('data', 'DATA', answer.reply));
    },
  });
