import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { limitsBench, request, type StartedCheck } from '../../../testing/limits-bench.ts';
import { runsOf } from '../../../testing/test-size.ts';
import { type CheckRequest, createCheckLimits, limitsFor } from './check-limits.ts';

const passed = E.right('passed');

describe('limits of checks', () => {
  it('runs as many as are allowed in all, and the next when one ends', async () => {
    const { ask, started, settled, limits } = limitsBench({ total: 2 });
    const results = [ask(request()), ask(request()), ask(request())];
    expect(limits.state()).toEqual({ running: 2, waiting: 1 });
    started[0]?.finish('passed');
    await settled();
    expect(limits.state()).toEqual({ running: 2, waiting: 0 });
    for (const { finish } of started) finish('passed');
    expect(await Promise.all(results)).toEqual([passed, passed, passed]);
    expect(limits.state()).toEqual({ running: 0, waiting: 0 });
  });

  it.each([
    ['identity', { identity: 'profile-1', identityLimit: 2 }, {}],
    ['endpoint', {}, { perEndpoint: 2 }],
    ['organization', {}, { perOrganization: 2 }],
  ] as const)('counts by %s', async (_, given, options) => {
    const { ask, started } = limitsBench(options);
    for (let count = 0; count < 5; count += 1) void ask(request(given));
    expect(started).toHaveLength(2);
  });

  it('counts the connections to an endpoint together, however they are encrypted', async () => {
    const { ask, started } = limitsBench({ perEndpoint: 2 });
    void ask(request({ way: 'with tls' }));
    void ask(request({ way: 'with starttls' }));
    void ask(request({ way: 'with starttls' }));
    expect(started).toHaveLength(2);
  });

  it('runs one check of a mailbox at a time', async () => {
    const { ask, started, settled } = limitsBench();
    void ask(request({ exclusive: 'ada' }));
    void ask(request({ exclusive: 'ada' }));
    void ask(request({ exclusive: 'bob' }));
    expect(started.map(({ request: { exclusive } }) => exclusive)).toEqual(['ada', 'bob']);
    started[0]?.finish('passed');
    await settled();
    expect(started).toHaveLength(3);
  });

  it('takes a person who waits before the bulk, with places kept free', async () => {
    const { ask, started } = limitsBench({ total: 3, reservedForPeople: 1, perEndpoint: 2, perOrganization: 2 });
    for (let count = 0; count < 4; count += 1) void ask(request());
    expect(started).toHaveLength(2);
    void ask(request({ urgent: true }));
    expect(started).toHaveLength(3);
    expect(started[2]?.request.urgent).toBe(true);
  });

  it('lets organizations take turns, however many checks one of them has', async () => {
    const { ask, started, settled } = limitsBench({ total: 1 });
    for (let count = 0; count < 20; count += 1) void ask(request({ organizationId: 'big', endpoint: 'big' }));
    void ask(request({ organizationId: 'small', endpoint: 'small' }));
    void ask(request({ organizationId: 'tiny', endpoint: 'tiny' }));
    for (let turn = 0; turn < 3; turn += 1) {
      started[turn]?.finish('passed');
      await settled();
    }
    expect(
      started
        .slice(0, 4)
        .map(({ request: { organizationId } }) => organizationId)
        .sort(),
    ).toEqual(['big', 'big', 'small', 'tiny']);
  });

  it('turns away what is too much, but not a person', async () => {
    const { ask, limits } = limitsBench({ total: 1, maxWaiting: 1 });
    void ask(request());
    void ask(request());
    expect(await ask(request())).toEqual(E.left({ _tag: 'TooMany' }));
    void ask(request({ urgent: true }));
    expect(limits.state().waiting).toBe(2);
  });

  it('lets go of a check that is cancelled while it waits', async () => {
    const { ask, limits, started, settled } = limitsBench({ total: 1 });
    void ask(request());
    const cancelling = new AbortController();
    const waiting = ask(request({ signal: cancelling.signal }));
    cancelling.abort();
    expect(await waiting).toEqual(E.left({ _tag: 'Cancelled' }));
    expect(limits.state()).toEqual({ running: 1, waiting: 0 });
    expect(await ask(request({ signal: AbortSignal.abort() }))).toEqual(E.left({ _tag: 'Cancelled' }));
    started[0]?.finish('passed');
    await settled();
    expect(started).toHaveLength(1);
  });

  it('a task that throws makes room as well', async () => {
    const limits = createCheckLimits({ ...limitsFor(1), failuresToOpen: 3, openMs: 1, now: () => 0 });
    const start = (): Promise<never> => Promise.reject(new Error('bug'));
    await expect(limits.run(request(), { start, lesson: () => 'nothing' })).rejects.toThrow('bug');
    expect(limits.state()).toEqual({ running: 0, waiting: 0 });
  });

  it.each([1, 2, 8, 64])('%d checks at once are shared so that everything can run', async (total) => {
    const { ask, started, settled } = limitsBench({ ...limitsFor(total) });
    const results = Array.from({ length: 3 * total }, () => ask(request()));
    for (let next = 0; next < started.length; next += 1) {
      started[next]?.finish('passed');
      await settled();
    }
    expect(await Promise.all(results)).toHaveLength(3 * total);
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
      shared: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 40 }), async (all) => {
        const { ask, started, limits, settled } = limitsBench({
          total: 5,
          reservedForPeople: 1,
          perOrganization: 3,
          perEndpoint: 2,
        });
        const results = all.map(({ organization, endpoint, identity, exclusive, urgent, bulk, shared }) =>
          ask(
            request({
              organizationId: `o${organization}`,
              endpoint: `e${endpoint}`,
              identity: `i${identity}`,
              identityLimit: 2,
              account: shared ? `i${identity} 1` : null,
              exclusive: `x${exclusive}`,
              urgent,
              bulkRun: bulk ? 'run' : null,
            }),
          ),
        );
        const open = new Set<StartedCheck>();
        let seen = 0;
        for (let round = 0; round < all.length + 1; round += 1) {
          for (const one of started.slice(seen)) open.add(one);
          seen = started.length;
          const count = (of: (asked: CheckRequest) => string): number =>
            Math.max(
              0,
              ...[...open].map((one) => [...open].filter((other) => of(other.request) === of(one.request)).length),
            );
          expect(open.size).toBeLessThanOrEqual(5);
          expect(count(({ organizationId }) => organizationId)).toBeLessThanOrEqual(4);
          expect(count(({ endpoint }) => endpoint)).toBeLessThanOrEqual(3);
          expect(count(({ organizationId, identity }) => organizationId + identity)).toBeLessThanOrEqual(2);
          expect(count(({ organizationId, exclusive }) => organizationId + exclusive)).toBeLessThanOrEqual(1);
          const [first] = open;
          if (first === undefined) break;
          open.delete(first);
          first.finish('passed');
          await settled();
        }
        expect(await Promise.all(results)).toHaveLength(all.length);
        expect(limits.state()).toEqual({ running: 0, waiting: 0 });
      }),
      { numRuns: runsOf({ small: 60, ci: 60, full: 2_000 }) },
    );
  });
});
