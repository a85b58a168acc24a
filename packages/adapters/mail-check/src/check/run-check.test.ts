import { Secret } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { run, secret } from '../test-support/run.ts';
import { createProbe } from './create-probe.ts';
import { loginIdentityOf } from './login-name.ts';
import { credentials, target } from '../test-support/run.ts';

const done = async () => E.right(undefined);
const never = <T>(): Promise<T> => new Promise(() => undefined);
const patient = { limitMs: 5_000, onTimeout: 'Unknown' } as const;

describe('the frame of a check', () => {
  it('passes when every step passes, and reports the steps that were not needed as not run', async () => {
    const report = await run(async (check) => {
      const first = await check.step('policy', { ...patient, run: async () => E.right(1) });
      return E.isLeft(first) ? first : E.right(undefined);
    });
    expect(report).toMatchObject({ verdict: 'passed', failure: null, warnings: [] });
    expect(report.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'policy passed',
      'dns notRun',
      'connect notRun',
      'tls notRun',
      'greeting notRun',
      'auth notRun',
    ]);
  });

  it('runs no step after a failed one', async () => {
    let ran = false;
    const report = await run(async (check) => {
      const dns = await check.step('dns', { ...patient, run: async () => check.fail('DnsNotFound') });
      expect(E.isLeft(dns)).toBe(true);
      return check.step('connect', {
        ...patient,
        run: async () => {
          ran = true;
          return E.right(undefined);
        },
      });
    });
    expect(ran).toBe(false);
    expect(report).toMatchObject({ verdict: 'failed', failure: { kind: 'DnsNotFound' } });
  });

  it('warns without failing', async () => {
    const report = await run((check) =>
      check.step('tls', {
        ...patient,
        run: async (step) => {
          step.warn('CertificateExpiringSoon', { days: 3 });
          step.detail('TLSv1.3');
          return E.right(undefined);
        },
      }),
    );
    expect(report).toMatchObject({
      verdict: 'warning',
      failure: null,
      warnings: [{ kind: 'CertificateExpiringSoon' }],
    });
    expect(report.steps[0]).toMatchObject({ step: 'tls', status: 'warning', detail: 'TLSv1.3' });
  });

  it('ends a step at its own limit with what the step means by it', async () => {
    const report = await run((check) =>
      check.step('greeting', { limitMs: 20, onTimeout: 'GreetingTimeout', run: () => never() }),
    );
    expect(report.failure).toMatchObject({ kind: 'GreetingTimeout', phase: 'greeting' });
  });

  it('names the step that used the time, when the deadline is shorter than its limit', async () => {
    const report = await run(
      (check) => check.step('connect', { limitMs: 60_000, onTimeout: 'ConnectTimeout', run: () => never() }),
      { target: { deadlineMs: 80 } },
    );
    expect(report.failure).toMatchObject({ kind: 'ConnectTimeout' });
  });

  it('names the deadline, when earlier steps used the time', async () => {
    const report = await run(
      async (check) => {
        const dns = await check.step('dns', {
          ...patient,
          run: async () => {
            while (check.remainingMs() > 100) await new Promise((resolve) => setTimeout(resolve, 5));
            return E.right(undefined);
          },
        });
        expect(E.isRight(dns)).toBe(true);
        return check.step('connect', { limitMs: 60_000, onTimeout: 'ConnectTimeout', run: () => never() });
      },
      { target: { deadlineMs: 1_500 } },
    );
    expect(report.failure).toMatchObject({ kind: 'DeadlineExceeded', disposition: 'ours' });
  });

  it('ends at its deadline when the body waits outside of any step', async () => {
    const report = await run(() => never(), { target: { deadlineMs: 20 } });
    expect(report).toMatchObject({ verdict: 'failed', failure: { kind: 'DeadlineExceeded' } });
  });

  it('reports what is thrown as our own fault, without its text', async () => {
    const thrown = async (): Promise<never> => {
      throw new Error(`secret ${secret}`);
    };
    const outside = await run(thrown);
    const inside = await run((check) => check.step('auth', { ...patient, run: thrown }));
    for (const report of [outside, inside]) {
      expect(report.failure).toMatchObject({ kind: 'ClientBug', disposition: 'ours', scope: 'system' });
      expect(JSON.stringify(report)).not.toContain(secret);
    }
  });

  it('releases what a check opened, however it ends', async () => {
    const released: string[] = [];
    await run(async (check) => {
      check.onEnd(() => released.push('passed'));
      return E.right(undefined);
    });
    await run(
      (check) => {
        check.onEnd(() => released.push('late'));
        check.signal.addEventListener('abort', () => check.onEnd(() => released.push('after the end')));
        return never();
      },
      { target: { deadlineMs: 20 } },
    );
    expect(released.sort()).toEqual(['after the end', 'late', 'passed']);
  });

  it('does not start when it was cancelled before', async () => {
    let started = false;
    const report = await run(
      async () => {
        started = true;
        return E.right(undefined);
      },
      { options: { signal: AbortSignal.abort() } },
    );
    expect(started).toBe(false);
    expect(report).toMatchObject({ verdict: 'failed', failure: { kind: 'Cancelled' } });
  });

  it('cancels what is under way when the probe closes', async () => {
    const probe = createProbe({ protocol: 'pop3', steps: () => [], body: () => never() });
    const report = probe.check(target, credentials);
    await probe.close();
    expect(await report).toMatchObject({ failure: { kind: 'Cancelled' } });
    expect(await probe.check(target, credentials)).toMatchObject({ failure: { kind: 'Cancelled' } });
  });

  it('lets one signal end any number of checks without a warning', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, () => run(done, { options: { signal } })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('secrets', () => {
  it.each([
    ['as it is', secret],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in a PLAIN message', Buffer.from(`\0ada@example.test\0${secret}`).toString('base64')],
    ['in a URL', encodeURIComponent(secret)],
    ['hidden later', 'a-digest-of-it'],
  ])('are taken out of everything a check says: %s', async (_, form) => {
    const report = await run(async (check) => {
      check.hide('a-digest-of-it');
      const auth = await check.step('auth', {
        ...patient,
        run: async (step) => {
          step.detail(`you sent ${form}.`);
          step.warn('TopUnsupported', {}, { serverText: `and ${form}` });
          return E.right(undefined);
        },
      });
      expect(E.isRight(auth)).toBe(true);
      return check.fail('Unknown', {}, { serverText: `<<${form}>>` });
    });
    expect(JSON.stringify(report)).not.toContain(form);
    expect(report.failure?.serverText).toBe('<<***>>');
  });
});

describe('whose failure it is', () => {
  const fail = (ofProfile: boolean, loginTemplate: string | null, kind: 'InvalidCredentials' | 'MailboxInUse') =>
    run(async (check) => check.fail(kind), { target: { loginTemplate }, credentials: { ofProfile } });

  it('a shared account fails for its profile, a login template for its mailbox alone', async () => {
    expect((await fail(false, null, 'InvalidCredentials')).failure?.scope).toBe('mailbox');
    expect((await fail(true, null, 'InvalidCredentials')).failure?.scope).toBe('profile');
    expect((await fail(true, '{mailbox}*{user}', 'InvalidCredentials')).failure?.scope).toBe('mailbox');
    expect((await fail(true, null, 'MailboxInUse')).failure?.scope).toBe('mailbox');
  });

  it('a connection that ends during the login counts for this mailbox, before it for all', async () => {
    const end = (phase: 'greeting' | 'auth') =>
      run(async (check) => check.fail('ConnectionClosedByServer', {}, { phase }));
    expect((await end('greeting')).failure?.scope).toBe('profile');
    expect((await end('auth')).failure?.scope).toBe('mailbox');
  });
});

describe('the name to log in with', () => {
  const login = async (given: Parameters<typeof run>[1], isProvedLater = false): Promise<string | null> => {
    let name: string | null = null;
    await run(async (check) => {
      const found = loginIdentityOf(check, isProvedLater);
      name = E.isLeft(found) ? found.left.kind : [found.right.userName, found.right.authorizeAs].join(' ').trim();
      return E.right(undefined);
    }, given);
    return name;
  };

  it.each([
    ['own credentials', { credentials: { userName: 'anything' } }, 'anything'],
    [
      "the mailbox's own account",
      { credentials: { ofProfile: true, userName: 'ADA@example.test' } },
      'ADA@example.test',
    ],
    [
      'a template',
      { credentials: { ofProfile: true, userName: 'service' }, target: { loginTemplate: '{mailbox}*{user}' } },
      'ada@example.test*service',
    ],
    [
      'a template for an authorization identity',
      { credentials: { ofProfile: true, userName: 'service' }, target: { loginTemplate: 'authzid={mailbox}' } },
      'service ada@example.test',
    ],
    [
      'an account that is not the mailbox',
      { credentials: { ofProfile: true, userName: 'service' } },
      'AuthorizationFailed',
    ],
  ] as const)('with %s', async (_, given, expected) => {
    expect(await login(given)).toBe(expected);
  });

  it('may be the account itself where something else proves the access', async () => {
    expect(await login({ credentials: { ofProfile: true, userName: 'service' } }, true)).toBe('service');
  });

  it('never takes a part of a name for a place in the template', async () => {
    const credentials = { ofProfile: true, userName: '{mailbox}', secret: new Secret('x') };
    expect(await login({ credentials, target: { loginTemplate: '{user}' } })).toBe('{mailbox}');
  });
});
