import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { failure } from '../../taxonomy/index.ts';
import { abandoned, checkBench, collecting, failedWith } from '../../testing/check-bench.ts';
import { mailboxId, organizationId, profileId, testId, userName } from '../../testing/sample-mailbox.ts';
import { type AskedCheck, fails, passes } from '../../testing/scripted-probe.ts';
import { done } from '../../testing/test-world.ts';
import { derivedId, Secret, TestRunId } from '../../values/index.ts';
import type { ChannelTest } from './check-channel.ts';
import { foundFailure } from './found-failure.ts';
import type { CheckRequest } from './limits/check-limits.ts';

const runId = TestRunId.orThrow(derivedId('sample', 'run of a check'));
describe('a check is counted, and spared,', () => {
  const stop = new AbortController().signal;
  const request: CheckRequest = {
    organizationId,
    endpoint: 'imap mail.example.org:993',
    way: 'imap mail.example.org:993 tls',
    identity: `mailbox/${mailboxId}`,
    identityLimit: 10,
    account: null,
    exclusive: `${mailboxId} incoming`,
    urgent: false,
    insists: false,
    bulkRun: null,
    signal: undefined,
  };
  test('by its organization, its server, who logs in, and its mailbox', async () => {
    const { check, requests } = checkBench();
    done(await check());
    done(await check({ channel: 'outgoing', runId, signal: stop }));
    expect(requests).toEqual([
      request,
      {
        ...request,
        endpoint: 'smtp mail.example.org:587',
        way: 'smtp mail.example.org:587 starttls',
        exclusive: `${mailboxId} outgoing`,
        bulkRun: runId,
        signal: stop,
      },
    ]);
  });
  test('with all others that use the same account of the profile, as long as its secret is the same', async () => {
    const { check, requests } = checkBench();
    done(await check({ profile: collecting() }));
    const identity = `profile/${profileId}`;
    const account = `${identity} secret-incoming 1`;
    expect(requests).toEqual([{ ...request, identity, identityLimit: 2, account }]);
  });
  test.each([
    ['person', true, true],
    ['incident', false, true],
    ['bulk', false, false],
    ['retry', false, false],
  ] as const)(
    'when %s asks: before bulk work: %s; although the server is in trouble: %s',
    async (trigger, urgent, insists) => {
      const { check, requests } = checkBench();
      done(await check({ trigger }));
      expect(requests).toEqual([{ ...request, urgent, insists }]);
    },
  );
});

describe('a check that is not run', () => {
  const known = foundFailure(failure('ConnectTimeout', { host: 'mail.example.org', port: 993 }));
  test.each([
    ['is known to be in vain', { _tag: 'Known', failure: known }],
    ['too many wait', { _tag: 'TooMany' }],
  ] as const)('because %s says so, as one that was not tried', async (_, why) => {
    const { check, probe } = checkBench({}, why);
    const found = why._tag === 'Known' ? why.failure : foundFailure(failure('ChecksRateLimited'));
    expect(await check()).toEqual(E.right({ outcome: { verdict: 'failed', failure: found, tried: false }, steps: [] }));
    expect(probe.asked).toEqual([]);
  });
  test('because it was cancelled while it waited finds nothing', async () => {
    expect(await checkBench({}, { _tag: 'Cancelled' }).check()).toEqual(abandoned);
  });
  test('because preflight stops it counts as a try, and asks nobody', async () => {
    const { check, requests } = checkBench();
    expect(await check({ profile: null })).toMatchObject({
      right: { outcome: { verdict: 'failed', failure: { kind: 'InvalidConfiguration' }, tried: true }, steps: [] },
    });
    expect(requests).toEqual([]);
  });
});

describe('what a check finds', () => {
  const about = { mailboxId, testId: testId('first'), channel: 'incoming' };
  const step = { step: 'auth', status: 'passed', detail: 'as ada' } as const;

  test('is told with its steps, in whole milliseconds, and is a lesson about the server', async () => {
    const { check, probe, lessons, activity } = checkBench();
    probe.answer(() => ({
      ...passes(),
      verdict: 'warning',
      warnings: [failure('CertificateExpiringSoon', { host: 'mail.example.org', days: 3 })],
      steps: [
        { ...step, ms: 2.6 },
        { ...step, ms: -1 },
      ],
    }));
    const { detail, ...kept } = step;
    expect(await check()).toEqual(
      E.right({
        outcome: { verdict: 'passed', warnings: ['CertificateExpiringSoon'] },
        steps: [
          { ...kept, ms: 3 },
          { ...kept, ms: 0 },
        ],
      }),
    );
    expect(lessons).toEqual(['passed']);
    expect(activity.slice(2)).toEqual([
      { _tag: 'StepEnded', ...about, ...kept, detail, ms: 2.6 },
      { _tag: 'StepEnded', ...about, ...kept, detail, ms: -1 },
      { _tag: 'CheckEnded', ...about, verdict: 'warning', kind: null },
    ]);
  });

  test('is a failure with its steps; refused to the account of the profile, it is the profile’s', async () => {
    const { check, probe, lessons, activity } = checkBench();
    const report = fails('InvalidCredentials');
    const steps = [{ step: 'connect', status: 'failed', ms: 3 }];
    probe.answer(() => report);
    const refused = failure('InvalidCredentials', { host: 'mail.example.org', port: 993 });
    expect(await check()).toEqual(failedWith(refused, true, steps));
    expect(await check({ profile: collecting() })).toEqual(failedWith({ ...refused, scope: 'profile' }, true, steps));
    expect(lessons).toEqual([foundFailure(refused), foundFailure({ ...refused, scope: 'profile' })]);
    expect(activity.at(-1)).toEqual({ _tag: 'CheckEnded', ...about, verdict: 'failed', kind: 'InvalidCredentials' });
  });

  test('of a probe that crashes is a fault of our own, about which nobody can say more', async () => {
    const { check, probe, activity } = checkBench();
    probe.answer(() => {
      throw new Error('a bug');
    });
    expect(await check()).toEqual(failedWith(failure('ClientBug'), true));
    expect(activity.at(-1)).toEqual({ _tag: 'CheckEnded', ...about, verdict: 'failed', kind: 'ClientBug' });
  });

  test('is nothing, and no lesson, while the vault is away or a probe gives up by itself', async () => {
    const away = { _tag: 'VaultUnavailable', cause: 'away' } as const;
    const without = checkBench({ vault: { reveal: () => async () => E.left(away) } });
    expect(await without.check()).toEqual(E.left(away));
    const { check, probe, lessons } = checkBench();
    probe.answer(() => fails('Cancelled'));
    expect(await check()).toEqual(E.left({ _tag: 'CheckAbandoned' }));
    expect([...without.lessons, ...lessons]).toEqual(['nothing', 'nothing']);
  });

  test('without a secret is a failure of whose secret it is', async () => {
    const { check, lessons } = checkBench({
      vault: { reveal: () => async () => E.left({ _tag: 'SecretUnreadable', reason: 'missing' }) },
    });
    const missing = failure('SecretUnavailable');
    expect(await check()).toEqual(failedWith({ ...missing, scope: 'mailbox' }, true));
    expect(await check({ profile: collecting() })).toEqual(failedWith({ ...missing, scope: 'profile' }, true));
    expect(lessons).toHaveLength(2);
  });
});

describe('the probe', () => {
  const askedWith = async (changes: Partial<ChannelTest>): Promise<AskedCheck | undefined> => {
    const { check, probe } = checkBench();
    done(await check(changes));
    return probe.asked[0];
  };
  test('is told whose account it is, and nothing that does not concern this check', async () => {
    const asked = await askedWith({});
    expect(asked?.credentials).toEqual({ userName, secret: new Secret('of ada'), kind: 'password', ofProfile: false });
    expect(asked?.credentials.secret.reveal()).toBe('of ada');
    expect(Object.keys(asked?.options ?? {})).toEqual(['onStep']);
  });
  test('is told of the run, the message and how it is stopped', async () => {
    const testMessage = { messageId: 'a@example.org', subject: 'Test', mark: null };
    const { signal } = new AbortController();
    expect((await askedWith({ runId, signal, message: { testMessage } }))?.options).toMatchObject({
      bulkRun: runId,
      signal,
      testMessage,
    });
  });
  test('is asked for the direction of the check', async () => {
    const asked: string[] = [];
    const as = (direction: string) => async () => {
      asked.push(direction);
      return passes();
    };
    const probe = { checkIncoming: as('incoming'), checkOutgoing: as('outgoing'), close: () => Promise.resolve() };
    const { check } = checkBench({ probe });
    done(await check({ channel: 'outgoing' }));
    done(await check({ channel: 'incoming' }));
    expect(asked).toEqual(['outgoing', 'incoming']);
  });
  test('is not asked again with a password that is refused as a token would be', async () => {
    const { check, probe } = checkBench();
    probe.answer(() => fails('OAuthTokenRejected'));
    expect(await check()).toMatchObject({ right: { outcome: { failure: { kind: 'OAuthTokenRejected' } } } });
    expect(probe.asked).toHaveLength(1);
  });
  test('works with nobody watching', async () => {
    const { check } = checkBench({}, null, false);
    expect(await check()).toMatchObject({ right: { outcome: { verdict: 'passed' } } });
  });
});
