import type { Failure } from '@mailroom/domain';
import { type Check, type Connector, greetingLimitMs, type LineChannel, sniffBanner } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Judge } from './judge.ts';
import type { ImapLimits } from './limits.ts';
import { parseStatus, type Status } from './response.ts';

/**
 * Step `greeting`: the server's first words. Another protocol is recognised by them and named, never shown. A server
 * that regards the connection as logged in already (PREAUTH) is refused: it would prove nothing about the credentials,
 * and before STARTTLS it is how somebody in between keeps a connection unencrypted (RFC 9051 section 11.1).
 */
export const greet = (
  check: Check,
  connector: Connector,
  channel: LineChannel,
  judge: Judge,
  limits: ImapLimits,
): Promise<E.Either<Failure, Status>> =>
  check.step('greeting', {
    limitMs: greetingLimitMs(check, limits.greetingMs),
    onTimeout: () => connector.explainGreeting(check, { _tag: 'Silence' }),
    run: async ({ signal }) => {
      const isForeign = (pending: Buffer): boolean => (sniffBanner(pending) ?? 'imap') !== 'imap';
      const result = await channel.read(signal, isForeign);
      if (result._tag === 'Line') {
        const status = result.text.startsWith('* ') ? parseStatus(result.text.slice(2)) : null;
        if (status === null || status.status === 'NO' || status.status === 'BAD') {
          const first = Buffer.from(result.text, 'latin1');
          return E.left(await connector.explainGreeting(check, { _tag: 'Bytes', first }));
        }
        if (status.status === 'BYE') return E.left(judge.refused('greeting', '', status));
        if (status.status === 'OK') return E.right(status);
        return check.fail(check.target.tls === 'starttls' ? 'StartTlsNotOffered' : 'AuthNotOffered');
      }
      if (result._tag === 'TooLong' || (result._tag === 'Closed' && result.pending.length > 0)) {
        return E.left(await connector.explainGreeting(check, { _tag: 'Bytes', first: result.pending }));
      }
      if (result._tag === 'Closed' && result.error !== null) return E.left(judge.lost('greeting', result));
      return E.left(await connector.explainGreeting(check, { _tag: 'Closed' }));
    },
  });
