import { domainToASCII } from 'node:url';
import type { EmailAddress, Failure } from '@mailroom/domain';
import type { Check } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Extensions } from './extensions.ts';
import type { Judge } from './judge.ts';
import { type Answered, isLost, type Lost, type SmtpSession } from './session.ts';

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

/** What the server answered to the question whether this login may send as the mailbox's address. */
interface Asked {
  readonly sender: Promise<Answered | Lost>;
  readonly recipient: () => Promise<Answered | Lost>;
  /** The answer to QUIT. */
  readonly farewell: () => Promise<Answered | Lost>;
}

/**
 * One command after the other, or all in one go where the server takes that. What has been permitted is taken back,
 * unless it `isMeant`: a message follows.
 */
const askServer = (
  session: SmtpSession,
  path: string,
  parameter: string,
  { pipelining }: Extensions,
  isMeant: boolean,
): Asked => {
  const lines = [`MAIL FROM:${path}${parameter}`, `RCPT TO:${path}`, 'RSET', 'QUIT'] as const;
  const [mail, rcpt, rset, quit] = lines;
  if (pipelining && !isMeant) {
    const [sender, recipient, , farewell] = session.sendAhead(lines);
    if (sender !== undefined && recipient !== undefined && farewell !== undefined) {
      return { sender, recipient: () => recipient, farewell: () => farewell };
    }
  }
  const say = (line: string): Promise<Answered | Lost> => session.converse((send) => send(line));
  return {
    sender: say(mail),
    recipient: () => say(rcpt),
    farewell: async () => {
      if (isMeant) return say(quit);
      const back = await say(rset);
      return isLost(back) ? back : say(quit);
    },
  };
};

/** The server has to accept. */
const accepted = (
  judge: Judge,
  phase: 'mailFrom' | 'rcptTo',
  command: string,
  answer: Answered | Lost,
): E.Either<Failure, void> => {
  if (isLost(answer)) return E.left(judge.lost(phase, answer));
  return isAccepted(answer) ? E.right(undefined) : E.left(judge.refused(phase, command, answer.reply));
};

/**
 * Steps `mailFrom` and `rcptTo`: whether this login may send as the mailbox's address, asked with the mailbox itself as
 * recipient. No message is sent. Many servers refuse a sender only after the recipient. Right: takes the question back
 * (RSET) and says good-bye, where that has not been done already.
 */
export const askPermission = async (
  check: Check,
  session: SmtpSession,
  judge: Judge,
  offered: Extensions,
  commandMs: number,
): Promise<E.Either<Failure, () => Promise<unknown>>> => {
  const { address } = check.target;
  const written = pathOf(address, offered);
  const limits = { limitMs: commandMs, onTimeout: 'ServerTemporarilyUnavailable' } as const;

  const sender = await check.step('mailFrom', {
    ...limits,
    run: async () => {
      if (written === null) return check.fail('SenderRejected', { address });
      const asked = askServer(session, written.path, written.parameter, offered, check.testMessage !== null);
      const answer = accepted(judge, 'mailFrom', 'MAIL', await asked.sender);
      return E.isLeft(answer) ? answer : E.right(asked);
    },
  });
  if (E.isLeft(sender)) return sender;
  const recipient = await check.step('rcptTo', {
    ...limits,
    run: async () => accepted(judge, 'rcptTo', 'RCPT', await sender.right.recipient()),
  });
  return E.isLeft(recipient) ? recipient : E.right(sender.right.farewell);
};
