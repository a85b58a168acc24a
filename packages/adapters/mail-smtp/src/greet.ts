import type { Failure } from '@mailroom/domain';
import { type Check, type Connector, greetingLimitMs, type LineChannel, sniffBanner } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Judge } from './judge.ts';
import type { SmtpLimits } from './limits.ts';
import { readReply } from './reply.ts';

/** Step `greeting`: the server's first words. Another protocol is recognised by them and named, never shown. */
export const greet = (
  check: Check,
  connector: Connector,
  channel: LineChannel,
  judge: Judge,
  limits: SmtpLimits,
): Promise<E.Either<Failure, string>> =>
  check.step('greeting', {
    limitMs: greetingLimitMs(check, limits.greetingMs),
    onTimeout: () => connector.explainGreeting(check, { _tag: 'Silence' }),
    run: async ({ signal }) => {
      const isForeign = (pending: Buffer): boolean => (sniffBanner(pending) ?? 'smtp') !== 'smtp';
      const result = await readReply(channel, signal, isForeign);
      if (result._tag === 'Reply') {
        const { text, reply } = result;
        const first = Buffer.from(text, 'utf8');
        // FTP greets with the same numbers.
        if (isForeign(first)) return E.left(await connector.explainGreeting(check, { _tag: 'Bytes', first }));
        return reply.code === 220 ? E.right(text) : E.left(judge.refused('greeting', '', reply));
      }
      if (result._tag === 'TooLong' || (result._tag === 'Closed' && result.pending.length > 0)) {
        return E.left(await connector.explainGreeting(check, { _tag: 'Bytes', first: result.pending }));
      }
      if (result._tag === 'Closed' && result.error !== null) return E.left(judge.lost('greeting', result));
      return E.left(await connector.explainGreeting(check, { _tag: 'Closed' }));
    },
  });
