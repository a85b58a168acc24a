import * as E from 'fp-ts/lib/Either.js';
import type { Failure } from '@mailroom/domain';
import type { RunningStep } from '@mailroom/mail-check';
import { brokenOff, refused, type Session, type Stage } from './session.ts';

/** Step `select`: STAT, which opens the maildrop. Right: the number of messages. */
export const openMaildrop = (session: Session): Stage<number> =>
  session.check.step('select', {
    limitMs: session.limits.commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      const reply = await session.transport.command(['STAT'], step.signal);
      if (E.isLeft(reply)) return E.left(brokenOff(session, 'select', reply.left));
      if (!reply.right.ok) return E.left(refused(session, 'list', 'STAT', reply.right));
      const [, count] = /^(\d{1,9}) \d+/.exec(reply.right.text) ?? [];
      if (count === undefined) return session.check.fail('MalformedResponse', {}, { phase: 'select' });
      step.detail(`${count} ${count === '1' ? 'message' : 'messages'}`);
      return E.right(Number(count));
    },
  });

/** Unique ids are needed so that no message is imported twice. One is enough to see that the server has them. */
const seeIds = async (session: Session, count: number, signal: AbortSignal): Promise<Failure | null> => {
  const { transport, capabilities, check } = session;
  const answer = count > 0 ? await transport.command(['UIDL', '1'], signal) : await transport.listing(['UIDL'], signal);
  if (E.isLeft(answer)) return brokenOff(session, 'list', answer.left);
  const reply = 'reply' in answer.right ? answer.right.reply : answer.right;
  if (reply.ok) return null;
  if (capabilities?.uidl === true) return refused(session, 'list', 'UIDL', reply);
  return check.failure('UidlUnsupported', {}, { serverText: reply.text });
};

/** The header of one message, which shows that messages can be read; nothing of it is kept. */
const seeHeader = async (session: Session, step: RunningStep): Promise<Failure | null> => {
  const { transport, capabilities } = session;
  if (capabilities !== null && !capabilities.top) {
    step.warn('TopUnsupported');
    return null;
  }
  const answer = await transport.listing(['TOP', '1', '0'], step.signal);
  if (E.isLeft(answer)) return brokenOff(session, 'list', answer.left);
  if (answer.right.reply.ok) return null;
  if (capabilities?.top === true) return refused(session, 'list', 'TOP', answer.right.reply);
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
      const unreadable = count > 0 ? await seeHeader(session, step) : null;
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
      const patience = AbortSignal.any([
        step.signal,
        AbortSignal.timeout(Math.min(quitMs, session.check.remainingMs() / 2)),
      ]);
      const reply = await session.transport.command(['QUIT'], patience);
      if (E.isLeft(reply)) step.detail('the server did not say goodbye');
      return E.right(undefined);
    },
  });
