import { domainToASCII } from 'node:url';
import type { EmailAddress, Failure } from '@mailroom/domain';
import type { Check } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Extensions } from './extensions.ts';
import type { Judge } from './judge.ts';
import type { Answered } from './session.ts';
import { isLost, type Lost, type SmtpSession } from './session.ts';

// eslint-disable-next-line no-control-regex -- ASCII is meant
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);

/** How an address is written in a command: a name beyond ASCII needs SMTPUTF8 (RFC 6531), a domain can be translated. */
const pathOf = (
  address: EmailAddress,
  offered: Extensions,
): { readonly path: string; readonly parameter: string } | null => {
  if (isAscii(address)) return { path: `<${address}>`, parameter: '' };
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), domainToASCII(address.slice(at + 1))];
  if (isAscii(local) && domain !== '') return { path: `<${local}@${domain}>`, parameter: '' };
  return offered.smtpUtf8 ? { path: `<${address}>`, parameter: ' SMTPUTF8' } : null;
};

const isAccepted = ({ reply }: Answered): boolean => reply.code >= 200 && reply.code < 300;

/** One command that the server has to accept. */
const ask = async (
  session: SmtpSession,
  judge: Judge,
  phase: 'mailFrom' | 'rcptTo',
  command: string,
  line: string,
): Promise<E.Either<Failure, void>> => {
  const answer: Answered | Lost = await session.converse((send) => send(line));
  if (isLost(answer)) return E.left(judge.lost(phase, answer));
  return isAccepted(answer) ? E.right(undefined) : E.left(judge.refused(phase, command, answer.reply));
};

/**
 * Steps `mailFrom` and `rcptTo`: whether this login may send as the mailbox's address, asked with the mailbox itself as
 * recipient and taken back with RSET. No message is sent. Many servers refuse a sender only after the recipient.
 */
export const askPermission = async (
  check: Check,
  session: SmtpSession,
  judge: Judge,
  offered: Extensions,
  commandMs: number,
): Promise<E.Either<Failure, void>> => {
  const { address } = check.target;
  const written = pathOf(address, offered);
  const limits = { limitMs: commandMs, onTimeout: 'ServerTemporarilyUnavailable' } as const;

  const sender = await check.step('mailFrom', {
    ...limits,
    run: async () => {
      if (written === null) return check.fail('SenderRejected', { address });
      return ask(session, judge, 'mailFrom', 'MAIL', `MAIL FROM:${written.path}${written.parameter}`);
    },
  });
  if (E.isLeft(sender) || written === null) return sender;
  return check.step('rcptTo', {
    ...limits,
    run: async () => {
      const asked = await ask(session, judge, 'rcptTo', 'RCPT', `RCPT TO:${written.path}`);
      if (E.isRight(asked)) await session.converse((send) => send('RSET'));
      return asked;
    },
  });
};
