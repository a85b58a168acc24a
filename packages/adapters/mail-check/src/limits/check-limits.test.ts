import { type CheckReport, failure, type FailureKind } from '@mailroom/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckLimitsOptions, type CheckRequest, createCheckLimits, endpointOf } from './check-limits.ts';

const passed: CheckReport = { verdict: 'passed', failure: null, warnings: [], steps: [], ms: 1 };
const failed = (kind: FailureKind): CheckReport => ({ ...passed, verdict: 'failed', failure: failure(kind) });

let names = 0;
const request = (given: Partial<CheckRequest> = {}): CheckRequest => {
  names += 1;
  return {
    organizationId: 'acme',
    endpoint: 'imap mail.example.test:993',
    identity: `mailbox-${names}`,
    identityLimit: 10,
    exclusive: `mailbox-${names}`,
    urgent: false,
    ...given,
  };
};

/** Checks that run until they are told their report, in the order in which they were started. */
const bench = (options: Partial<CheckLimitsOptions> = {}) => {
  const limits = createCheckLimits({ reservedForPeople: 0, ...options });
  const started: { readonly request: CheckRequest; readonly finish: (report: CheckReport) => void }[] = [];
  const ask = (asked: CheckRequest): Promise<CheckReport> =>
    limits.run(asked, () => new Promise((resolve) => started.push({ request: asked, finish: resolve })));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { limits, started, ask, settled };
};

describe('limits of checks', () => {
  it('runs as many as are allowed in all, and the next when one ends', async () => {
    const { ask, started, settled, limits } = bench({ total: 2 });
    const reports = [ask(request()), ask(request()), ask(request())];
    expect(limits.state()).toEqual({ running: 2, waiting: 1 });
    started[0]?.finish(passed);
    await settled();
    expect(limits.state()).toEqual({ running: 2, waiting: 0 });
    for (const { finish } of started) finish(passed);
    expect(await Promise.all(reports)).toEqual([passed, passed, passed]);
    expect(limits.state()).toEqual({ running: 0, waiting: 0 });
  });

  it.each([
    ['identity', { identity: 'profile-1', identityLimit: 2 }, {}],
    ['endpoint', {}, { perEndpoint: 2 }],
    ['organization', {}, { perOrganization: 2 }],
  ] as const)('counts by %s', async (_, given, options) => {
    const { ask, started } = bench(options);
    for (let count = 0; count < 5; count += 1) void ask(request(given));
    expect(started).toHaveLength(2);
  });

  it('runs one check of a mailbox at a time', async () => {
    const { ask, started, settled } = bench();
    void ask(request({ exclusive: 'ada' }));
    void ask(request({ exclusive: 'ada' }));
    void ask(request({ exclusive: 'bob' }));
    expect(started.map(({ request: { exclusive } }) => exclusive)).toEqual(['ada', 'bob']);
    started[0]?.finish(passed);
    await settled();
    expect(started).toHaveLength(3);
  });

  it('takes a person who waits before the bulk, with places kept free', async () => {
    const { ask, started } = bench({ total: 3, reservedForPeople: 1, perEndpoint: 2 });
    for (let count = 0; count < 4; count += 1) void ask(request());
    expect(started).toHaveLength(2);
    void ask(request({ urgent: true }));
    expect(started).toHaveLength(3);
    expect(started[2]?.request.urgent).toBe(true);
  });

  it('lets organizations take turns, however many checks one of them has', async () => {
    const { ask, started, settled } = bench({ total: 1 });
    for (let count = 0; count < 20; count += 1) void ask(request({ organizationId: 'big', endpoint: 'big' }));
    void ask(request({ organizationId: 'small', endpoint: 'small' }));
    void ask(request({ organizationId: 'tiny', endpoint: 'tiny' }));
    for (let turn = 0; turn < 3; turn += 1) {
      started[turn]?.finish(passed);
      await settled();
    }
    expect(
      started
        .slice(0, 4)
        .map(({ request: { organizationId } }) => organizationId)
        .sort(),
    ).toEqual(['big', 'big', 'small', 'tiny']);
  });

  it('turns away what is too much', async () => {
    const { ask } = bench({ total: 1, maxWaiting: 1 });
    void ask(request());
    void ask(request());
    expect(await ask(request())).toMatchObject({ failure: { kind: 'ChecksRateLimited', disposition: 'ours' } });
  });

  it('lets go of a check that is cancelled while it waits', async () => {
    const { ask, limits, started, settled } = bench({ total: 1 });
    void ask(request());
    const cancelling = new AbortController();
    const waiting = ask(request({ signal: cancelling.signal }));
    cancelling.abort();
    expect(await waiting).toMatchObject({ failure: { kind: 'Cancelled' } });
    expect(limits.state()).toEqual({ running: 1, waiting: 0 });
    expect(await ask(request({ signal: AbortSignal.abort() }))).toMatchObject({ failure: { kind: 'Cancelled' } });
    started[0]?.finish(passed);
    await settled();
    expect(started).toHaveLength(1);
  });

  it('reports a check that throws as our own fault and goes on', async () => {
    const limits = createCheckLimits({ total: 1 });
    const report = await limits.run(request({ urgent: true }), () => Promise.reject(new Error('bug')));
    expect(report).toMatchObject({ failure: { kind: 'ClientBug' } });
    expect(limits.state().running).toBe(0);
  });

  it('never runs more than allowed, and runs everything in the end', async () => {
    const few = fc.nat({ max: 3 });
    const asked = fc.record({
      organization: few,
      endpoint: few,
      identity: few,
      exclusive: few,
      urgent: fc.boolean(),
      bulk: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 40 }), async (all) => {
        const { ask, started, limits, settled } = bench({
          total: 5,
          reservedForPeople: 1,
          perOrganization: 3,
          perEndpoint: 2,
        });
        const reports = all.map(({ organization, endpoint, identity, exclusive, urgent, bulk }) =>
          ask(
            request({
              organizationId: `o${organization}`,
              endpoint: `e${endpoint}`,
              identity: `i${identity}`,
              identityLimit: 2,
              exclusive: `x${exclusive}`,
              urgent,
              ...(bulk ? { bulkRun: 'run' } : {}),
            }),
          ),
        );
        const open = new Set<(typeof started)[number]>();
        let seen = 0;
        for (let round = 0; round < all.length + 1; round += 1) {
          for (; seen < started.length; seen += 1) open.add(started[seen]!);
          const count = (of: (asked: CheckRequest) => string): number =>
            Math.max(
              0,
              ...[...open].map((one) => [...open].filter((other) => of(other.request) === of(one.request)).length),
            );
          expect(open.size).toBeLessThanOrEqual(5);
          expect(count(({ organizationId }) => organizationId)).toBeLessThanOrEqual(3);
          expect(count(({ endpoint }) => endpoint)).toBeLessThanOrEqual(3);
          expect(count(({ organizationId, identity }) => organizationId + identity)).toBeLessThanOrEqual(2);
          expect(count(({ organizationId, exclusive }) => organizationId + exclusive)).toBeLessThanOrEqual(1);
          const [first] = open;
          if (first === undefined) break;
          open.delete(first);
          first.finish(passed);
          await settled();
        }
        expect(await Promise.all(reports)).toHaveLength(all.length);
        expect(limits.state()).toEqual({ running: 0, waiting: 0 });
      }),
      { numRuns: 60 },
    );
  });
});

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

it('an endpoint is named by protocol, host and port', () => {
  expect(endpointOf({ protocol: 'imap', host: 'Mail.Example.test', port: 993 })).toBe('imap mail.example.test:993');
});
