import type { Failure } from '@mailroom/domain';
import type { RunningStep } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { brokenOff, refused, type Session, type Stage } from './session.ts';
import { type CommandFailed, pop3Commands } from './wire/commands.ts';

const failed = (session: Session, phase: 'select' | 'list', reason: CommandFailed): Failure =>
  reason._tag === 'Refused' ? refused(session, phase, reason.command, reason.reply) : brokenOff(session, phase, reason);

/** Where the server takes several commands at once and has announced both, everything is asked for in one go. */
const asksAtOnce = ({ capabilities, check }: Session): boolean =>
  check.testMessage === null && capabilities?.pipelining === true && capabilities.uidl && capabilities.top;

/** Step `select`: STAT, which opens the maildrop. Right: the number of messages. */
export const openMaildrop = (session: Session): Stage<number> =>
  session.check.step('select', {
    limitMs: session.limits.commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      if (asksAtOnce(session)) session.transport.sendAhead([['STAT'], ['UIDL', '1'], ['TOP', '1', '0'], ['QUIT']]);
      const stat = await pop3Commands(session.transport, step.signal).STAT();
      if (E.isLeft(stat)) return E.left(failed(session, 'select', stat.left));
      const [, count] = /^(\d{1,9}) \d+/.exec(stat.right) ?? [];
      if (count === undefined) return session.check.fail('MalformedResponse', {}, { phase: 'select' });
      step.detail(`${count} ${count === '1' ? 'message' : 'messages'}`);
      return E.right(Number(count));
    },
  });

/** Unique ids are needed so that no message is imported twice. One is enough to see that the server has them. */
const seeIds = async (session: Session, count: number, signal: AbortSignal): Promise<Failure | null> => {
  const { transport, capabilities, check } = session;
  const { UIDL } = pop3Commands(transport, signal);
  const ids: E.Either<CommandFailed, unknown> = count > 0 || asksAtOnce(session) ? await UIDL(1) : await UIDL();
  if (E.isRight(ids)) return null;
  // There is no first message, and that is all the answer says.
  if (count === 0 && asksAtOnce(session) && ids.left._tag === 'Refused') return null;
  if (ids.left._tag !== 'Refused' || capabilities?.uidl === true) return failed(session, 'list', ids.left);
  return check.failure('UidlUnsupported', {}, { serverText: ids.left.reply.text });
};

/** The header of one message, which shows that messages can be read; nothing of it is kept. */
const seeHeader = async (session: Session, count: number, step: RunningStep): Promise<Failure | null> => {
  const { transport, capabilities } = session;
  if (capabilities !== null && !capabilities.top) {
    step.warn('TopUnsupported');
    return null;
  }
  if (count === 0 && !asksAtOnce(session)) return null;
  const header = await pop3Commands(transport, step.signal).TOP(1);
  if (E.isRight(header) || (count === 0 && header.left._tag === 'Refused')) return null;
  if (header.left._tag !== 'Refused' || capabilities?.top === true) return failed(session, 'list', header.left);
  step.warn('TopUnsupported');
  return null;
};

/** Step `list`: messages can be told apart and read. The maildrop stays as it is. */
export const lookInside = (session: Session, count: number): Stage<void> =>
  session.check.step('list', {
    limitMs: session.limits.commandMs,
    onTimeout: 'ListFailed',
    run: async (step) => {
      if (session.capabilities?.expireDays === 0) step.warn('DeletePolicyConflict');
      const withoutIds = await seeIds(session, count, step.signal);
      if (withoutIds !== null) return E.left(withoutIds);
      const unreadable = await seeHeader(session, count, step);
      return unreadable === null ? E.right(undefined) : E.left(unreadable);
    },
  });

/** How long the farewell may take; the answer to it changes nothing. */
const quitMs = 2_000;

/** Step `quit`: gives the maildrop free. Nothing was marked for deletion, so nothing is deleted. */
export const quit = (session: Session): Stage<void> =>
  session.check.step('quit', {
    limitMs: 2 * quitMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      const reply = pop3Commands(session.transport, step.signal).QUIT();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), Math.min(quitMs, session.check.remainingMs() / 2));
      });
      const hasAnswered = await Promise.race([reply.then(E.isRight), patience]);
      clearTimeout(timer);
      if (!hasAnswered) step.detail('the server did not say goodbye');
      return E.right(undefined);
    },
  });
