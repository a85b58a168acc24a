import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { failure } from '../../taxonomy/index.ts';
import { abandoned, checkBench, failedWith, host } from '../../testing/check-bench.ts';
import { existingProfile } from '../../testing/existing.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { Secret } from '../../values/index.ts';
import type { TokenProvider } from '../ports/index.ts';
import type { CarryOutEnvironment } from './environment.ts';

describe('a check that is stopped from outside finds nothing', () => {
  const stopping = () => {
    const stop = new AbortController();
    return { stop: () => stop.abort(), signal: stop.signal };
  };
  const oauth = () =>
    existingProfile({ connection: { incoming: { host, credentials: 'oauth', authentication: 'oauth' } } });
  type Token = Awaited<ReturnType<ReturnType<TokenProvider['accessToken']>>>;
  const unavailable: Token = E.left({ _tag: 'TokenUnavailable', cause: null });

  test.each([
    ['has it', E.right(new Secret('of ada'))],
    ['does not', E.left({ _tag: 'SecretUnreadable', reason: 'missing' } as const)],
  ])('while the secret is opened, whether the vault %s', async (_, answer) => {
    const { stop, signal } = stopping();
    const reveal: CarryOutEnvironment['vault']['reveal'] = () => async () => {
      stop();
      return answer;
    };
    const { check, probe, lessons } = checkBench({ vault: { reveal } });
    expect(await check({ signal })).toEqual(abandoned);
    expect([probe.asked, lessons]).toEqual([[], ['nothing']]);
  });

  test.each([null, 'Cancelled', 'ConnectTimeout'] as const)(
    'while the server is asked, whatever it says: %s',
    async (kind) => {
      const { stop, signal } = stopping();
      const { check, probe, lessons } = checkBench();
      probe.answer(() => {
        stop();
        return kind === null ? passes() : fails(kind);
      });
      expect(await check({ signal })).toEqual(abandoned);
      expect(lessons).toEqual(['nothing']);
    },
  );

  test.each([
    ['comes', E.right(new Secret('new'))],
    ['does not', unavailable],
  ])('while a new token is asked for, whether it %s', async (_, renewed) => {
    const { stop, signal } = stopping();
    const accessToken: TokenProvider['accessToken'] =
      ({ refused }) =>
      async () => {
        if (!refused) return E.right(new Secret('old'));
        stop();
        return renewed;
      };
    const { check, probe } = checkBench({ tokens: { accessToken } });
    probe.answer(() => fails('OAuthTokenRejected'));
    expect(await check({ profile: oauth(), signal })).toEqual(abandoned);
  });

  test('before a new token would be asked for', async () => {
    const { stop, signal } = stopping();
    const asked: boolean[] = [];
    const accessToken: TokenProvider['accessToken'] =
      ({ refused }) =>
      async () => {
        asked.push(refused);
        return E.right(new Secret('old'));
      };
    const { check, probe } = checkBench({ tokens: { accessToken } });
    probe.answer(() => {
      stop();
      return fails('OAuthTokenRejected');
    });
    expect(await check({ profile: oauth(), signal })).toEqual(abandoned);
    expect(asked).toEqual([false]);
  });

  test('and one that is not stopped says that no new token was to be had, with the steps that were made', async () => {
    const accessToken: TokenProvider['accessToken'] =
      ({ refused }) =>
      async () =>
        refused ? unavailable : E.right(new Secret('old'));
    const { check, probe } = checkBench({ tokens: { accessToken } });
    probe.answer(() => fails('OAuthTokenRejected'));
    const missing = failure('OAuthRefreshFailed', {}, { scope: 'mailbox', disposition: 'transient' });
    expect(await check({ profile: oauth() })).toEqual(
      failedWith(missing, true, [{ step: 'connect', status: 'failed', ms: 3 }]),
    );
  });
});
