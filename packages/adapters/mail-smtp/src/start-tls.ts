import type { Failure } from '@mailroom/domain';
import type { Check, Connector, LineChannel, OpenedConnection } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { type Extensions, extensionsOf } from './extensions.ts';
import type { Judge } from './judge.ts';
import type { SmtpLimits } from './limits.ts';
import { readReply } from './reply.ts';

/** Step `capability` before encryption: all that is looked for in it is STARTTLS, anybody may have written the rest. */
export const announce = (
  check: Check,
  channel: LineChannel,
  judge: Judge,
  limits: SmtpLimits,
  name: string,
): Promise<E.Either<Failure, Extensions>> =>
  check.step('capability', {
    limitMs: limits.commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async ({ signal }) => {
      channel.write(`EHLO ${name}\r\n`);
      const result = await readReply(channel, signal);
      if (result._tag !== 'Reply') return E.left(judge.lost('capability', result));
      const { reply } = result;
      // A server without EHLO has no STARTTLS either; the next step says so.
      const isOld = reply.code === 500 || reply.code === 502;
      if (reply.code !== 250 && !isOld) return E.left(judge.refused('capability', 'EHLO', reply));
      return E.right(extensionsOf(reply));
    },
  });

/**
 * Step `starttls`: required, so a server that does not offer or refuses it ends the check. Bytes that came before the
 * handshake are somebody else's (RFC 3207 section 6). `then` runs on the encrypted connection, within the step.
 */
export const startTls = <T>(
  check: Check,
  connector: Connector,
  channel: LineChannel,
  judge: Judge,
  limits: SmtpLimits,
  opened: OpenedConnection,
  announced: Extensions,
  then: (secured: OpenedConnection) => Promise<E.Either<Failure, T>>,
): Promise<E.Either<Failure, T>> =>
  check.step('starttls', {
    limitMs: limits.commandMs,
    onTimeout: () => check.failure('TlsHandshakeTimeout', {}, { phase: 'starttls' }),
    run: async (step) => {
      if (!announced.startTls) return check.fail('StartTlsNotOffered');
      channel.write('STARTTLS\r\n');
      const result = await readReply(channel, step.signal);
      if (result._tag !== 'Reply') return E.left(judge.lost('starttls', result));
      if (result.reply.code !== 220) return E.left(judge.refused('starttls', 'STARTTLS', result.reply));
      if (channel.release().length > 0) return check.fail('StartTlsInjection');
      const secured = await connector.upgrade(check, step, opened);
      return E.isLeft(secured) ? secured : then(secured.right);
    },
  });
