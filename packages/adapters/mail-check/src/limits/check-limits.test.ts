import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench, passed, request } from '../test-support/limits.ts';
import { type CheckRequest, createCheckLimits, endpointOf } from './check-limits.ts';

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

it('an endpoint is named by protocol, host and port', () => {
  expect(endpointOf({ protocol: 'imap', host: 'Mail.Example.test', port: 993 })).toBe('imap mail.example.test:993');
});
