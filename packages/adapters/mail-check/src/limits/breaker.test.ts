import type { CheckReport } from '@mailroom/domain';
import { describe, expect, it } from 'vitest';
import { bench, failed, passed, request } from '../test-support/limits.ts';
import { type CheckRequest, createCheckLimits } from './check-limits.ts';

describe('the breaker', () => {
  const clock = () => {
    let at = 0;
    return { now: () => at, pass: (ms: number) => (at += ms) };
  };
  const withClock = (time: ReturnType<typeof clock>) => ({ breaker: { threshold: 2, openMs: 1_000, now: time.now } });

  const answer = async (
    limits: ReturnType<typeof createCheckLimits>,
    report: CheckReport,
    given: Partial<CheckRequest> = {},
  ) => {
    let ran = false;
    const result = await limits.run(request(given), async () => {
      ran = true;
      return report;
    });
    return { ran, kind: result.failure?.kind ?? null };
  };

  it('opens after connectivity failures in a row, and tries again after a while', async () => {
    const time = clock();
    const limits = createCheckLimits(withClock(time));
    await answer(limits, failed('ConnectTimeout'));
    await answer(limits, failed('ConnectTimeout'));
    expect(await answer(limits, passed)).toEqual({ ran: false, kind: 'ConnectTimeout' });
    time.pass(1_001);
    expect(await answer(limits, failed('ConnectTimeout'))).toEqual({ ran: true, kind: 'ConnectTimeout' });
    expect(await answer(limits, passed)).toEqual({ ran: false, kind: 'ConnectTimeout' });
    time.pass(1_001);
    expect(await answer(limits, passed)).toEqual({ ran: true, kind: null });
    expect(await answer(limits, passed)).toEqual({ ran: true, kind: null });
  });

  it.each(['InvalidCredentials', 'MailboxInUse', 'TooManyLogins', 'DeadlineExceeded', 'Cancelled'] as const)(
    'is not opened by %s',
    async (kind) => {
      const limits = createCheckLimits(withClock(clock()));
      for (let count = 0; count < 5; count += 1) await answer(limits, failed(kind));
      expect(await answer(limits, passed)).toEqual({ ran: true, kind: null });
    },
  );

  it('concerns one organization and one endpoint', async () => {
    const limits = createCheckLimits(withClock(clock()));
    for (let count = 0; count < 2; count += 1) await answer(limits, failed('ConnectionRefused'));
    expect((await answer(limits, passed, { organizationId: 'other' })).ran).toBe(true);
    expect((await answer(limits, passed, { endpoint: 'pop3 mail.example.test:995' })).ran).toBe(true);
    expect((await answer(limits, passed)).ran).toBe(false);
  });

  it('does not keep a person from trying', async () => {
    const limits = createCheckLimits(withClock(clock()));
    for (let count = 0; count < 2; count += 1) await answer(limits, failed('ConnectionRefused'));
    expect(await answer(limits, passed, { urgent: true })).toEqual({ ran: true, kind: null });
    expect((await answer(limits, passed)).ran).toBe(true);
  });

  it('lets one check of a bulk run go ahead, and answers for the others when the server is down', async () => {
    const { ask, started, settled } = bench(withClock(clock()));
    const reports = Array.from({ length: 500 }, () => ask(request({ bulkRun: 'run' })));
    expect(started).toHaveLength(1);
    started[0]?.finish(failed('ConnectTimeout'));
    await settled();
    expect(started).toHaveLength(2);
    started[1]?.finish(failed('ConnectTimeout'));
    const kinds = (await Promise.all(reports)).map(({ failure: reason }) => reason?.kind);
    expect(new Set(kinds)).toEqual(new Set(['ConnectTimeout']));
    expect(started).toHaveLength(2);
  });

  it('opens the gate of a bulk run when its first check gets through, even to a refused login', async () => {
    const { ask, started, settled } = bench({ perEndpoint: 10 });
    for (let count = 0; count < 50; count += 1) void ask(request({ bulkRun: 'run' }));
    started[0]?.finish(failed('InvalidCredentials'));
    await settled();
    expect(started).toHaveLength(11);
  });

  it('does not let a dead server of one organization delay 2,000 mailboxes of another', async () => {
    const { ask, started, settled } = bench({ total: 16, perOrganization: 12, perEndpoint: 8 });
    const dead = Array.from({ length: 200 }, (_, count) =>
      ask(request({ organizationId: 'dead', endpoint: `imap gone-${count % 20}:993`, bulkRun: 'dead' })),
    );
    const alive = Array.from({ length: 2_000 }, () =>
      ask(request({ organizationId: 'alive', endpoint: 'imap here:993', bulkRun: 'alive' })),
    );
    // The dead server never answers: none of its checks is ever finished here.
    let finished = 0;
    for (let next = 0; next < started.length; next += 1) {
      const check = started[next];
      if (check?.request.organizationId !== 'alive') continue;
      finished += 1;
      check.finish(passed);
      await settled();
    }
    expect(finished).toBe(2_000);
    expect((await Promise.all(alive)).every(({ verdict }) => verdict === 'passed')).toBe(true);
    expect(started.filter(({ request: { organizationId } }) => organizationId === 'dead').length).toBeLessThanOrEqual(
      12,
    );
    expect(dead).toHaveLength(200);
  });
});
