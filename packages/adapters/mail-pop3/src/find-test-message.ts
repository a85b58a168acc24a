import type { Failure, TestMessage } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Session } from './session.ts';
import { pop3Commands } from './wire/commands.ts';

/** How many of the newest messages are looked at: what was just sent is among the last. */
const newest = 50;

/** A header as it stands there, unfolded; empty when there is none. */
const headerOf = (message: string, name: string): string =>
  new RegExp(`^${name}:((?:.*\\r?\\n)(?:[ \\t].*\\r?\\n)*)`, 'im').exec(message)?.[1]?.replace(/\s+/g, ' ').trim() ??
  '';

/** Steps `find` and `cleanup`: the message that was sent is looked for, and removed. Nothing else is touched. */
export const findTestMessage = async (
  { check, transport, limits }: Session,
  count: number,
  message: TestMessage,
): Promise<E.Either<Failure, void>> => {
  const { address } = check.target;
  const found = await check.step('find', {
    limitMs: limits.commandMs,
    onTimeout: 'TestMessageNotFound',
    run: async (step) => {
      const { TOP, RETR } = pop3Commands(transport, step.signal);
      const numbers: number[] = [];
      for (let number = count; number > Math.max(0, count - newest); number -= 1) {
        const top = await TOP(number);
        const text = E.isLeft(top) && top.left._tag === 'Refused' ? await RETR(number) : top;
        if (E.isLeft(text)) break;
        if (!headerOf(text.right, 'message-id').includes(message.messageId)) continue;
        // More than one where sending was interrupted and repeated.
        if (numbers.push(number) > 1) continue;
        const from = headerOf(text.right, 'from').toLowerCase();
        if (from !== '' && !from.includes(address.toLowerCase())) step.warn('SenderRewritten', { address });
      }
      return numbers.length > 0 ? E.right(numbers) : check.fail('TestMessageNotFound');
    },
  });
  if (E.isLeft(found)) return found;
  return check.step('cleanup', {
    limitMs: limits.commandMs,
    onTimeout: () => check.failure('CleanupFailed', { subject: message.subject }),
    run: async (step) => {
      const { DELE } = pop3Commands(transport, step.signal);
      let isGone = true;
      for (const number of found.right) if (E.isLeft(await DELE(number))) isGone = false;
      if (!isGone) step.warn('CleanupFailed', { subject: message.subject });
      return E.right(undefined);
    },
  });
};
