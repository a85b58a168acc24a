import type { Failure } from '@mailroom/domain';
import { type Check, type Connector, type LineChannel, sniffBanner } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Judge } from './judge.ts';
import { readReply } from './reply.ts';

/** Servers that distrust a client delay the greeting by 10 to 30 seconds. */
const greetingMs = 20_000;

/** Time kept for a look at the port when no greeting comes: it tells what the port expects instead. */
const lookMs = 3_000;

/** Step `greeting`: the server's first words. Another protocol is recognised by them and named, never shown. */
export const greet = (
  check: Check,
  connector: Connector,
  channel: LineChannel,
  judge: Judge,
): Promise<E.Either<Failure, string>> => {
  const left = check.remainingMs();
  return check.step('greeting', {
    limitMs: Math.min(greetingMs, Math.max(left - lookMs, left * 0.6)),
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
};
