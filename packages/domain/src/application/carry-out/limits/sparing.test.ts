import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it, test } from 'vitest';
import type { FoundFailure } from '../../../mailbox/index.ts';
import { limitsBench, refusedLogin, request, unreachable } from '../../../testing/limits-bench.ts';
import { failureFound } from '../../../testing/sample-mailbox.ts';
import { runsOf } from '../../../testing/test-size.ts';
import type { CheckRequest } from './check-limits.ts';
import type { Lesson } from './circuit.ts';

const ours = failureFound({ kind: 'LocalResources', phase: 'connect', disposition: 'ours', scope: 'system' });
const known = (failure = unreachable) => E.left({ _tag: 'Known', failure });

/** Asks, lets the check find this if it is run, and tells whether it was run. */
const finding = (bench: ReturnType<typeof limitsBench>) => {
  const { ask, started } = bench;
  return async (lesson: Lesson, given: Partial<CheckRequest> = {}): Promise<boolean> => {
    const before = started.length;
    const result = ask(request(given));
    const ran = started.length > before;
    started[before]?.finish(lesson);
    expect(await result).toBeDefined();
    return ran;
  };
};

describe('a server in trouble', () => {
  it('is spared after three failures in a row on the way to it, and tried again after a while', async () => {
    const bench = limitsBench();
    const find = finding(bench);
    for (let failures = 0; failures < 3; failures += 1) expect(await find(unreachable)).toBe(true);
    expect(await bench.ask(request())).toEqual(known());
    bench.pass(299);
    expect(await find('passed')).toBe(false);
    bench.pass(2);
    expect(await find(unreachable)).toBe(true);
    expect(await find('passed')).toBe(false);
    bench.pass(301);
    expect(await find('passed')).toBe(true);
    expect(await find('passed')).toBe(true);
  });

  it('is tried by one check at a time once the time is over', async () => {
    const { ask, started, settled, pass } = limitsBench();
    for (let failures = 0; failures < 3; failures += 1) {
      void ask(request());
      started[failures]?.finish(unreachable);
      await settled();
    }
    pass(301);
    void ask(request());
    expect(await ask(request())).toEqual(known());
    expect(started).toHaveLength(4);
  });

  it.each([
    ['a success', 'passed'],
    ['a login that is refused: the server was reached', refusedLogin],
  ] as const)('counts from the beginning after %s', async (_, lesson) => {
    const find = finding(limitsBench());
    for (const each of [unreachable, unreachable, lesson, unreachable, unreachable])
      expect(await find(each)).toBe(true);
    expect(await find(unreachable)).toBe(true);
    expect(await find('passed')).toBe(false);
  });

  it.each([
    ['a refused login', refusedLogin],
    ['a mailbox in use', failureFound({ kind: 'MailboxInUse', phase: 'session' })],
    ['one mailbox’s broken connection', { ...unreachable, scope: 'mailbox' }],
    [
      'our own trouble',
      failureFound({ kind: 'LocalResources', phase: 'connect', disposition: 'ours', scope: 'system' }),
    ],
    ['a check without a result', 'nothing'],
  ] as const)('is not thought of because of %s', async (_, lesson) => {
    const find = finding(limitsBench());
    for (let count = 0; count < 5; count += 1) expect(await find(lesson)).toBe(true);
  });

  it.each([
    ['our own trouble', failureFound({ kind: 'LocalResources', phase: 'connect', disposition: 'ours' })],
    ['a check without a result', 'nothing'],
  ] as const)('is neither found nor over by %s', async (_, lesson) => {
    const find = finding(limitsBench());
    for (const each of [unreachable, unreachable, lesson, unreachable]) expect(await find(each)).toBe(true);
    expect(await find('passed')).toBe(false);
  });

  it.each([
    ['a server that is overloaded, whoever has logged in', 'session', 'ServerTemporarilyUnavailable', false],
    ...['dns', 'connect', 'proxy', 'tls', 'greeting', 'starttls'].map(
      (each) => [each, each, 'Unknown', false] as const,
    ),
    ['a login', 'auth', 'Unknown', true],
  ] as const)('is known by trouble on the way to it: %s', async (_, phase, kind, runs) => {
    const find = finding(limitsBench());
    const found = { ...unreachable, kind, phase } as FoundFailure;
    for (let count = 0; count < 3; count += 1) expect(await find(found)).toBe(true);
    expect(await find('passed')).toBe(runs);
  });

  it('is not known by a check that crashes', async () => {
    const bench = limitsBench();
    const find = finding(bench);
    await find(unreachable);
    await find(unreachable);
    const start = (): Promise<never> => Promise.reject(new Error('bug'));
    await expect(bench.limits.run(request(), { start, lesson: () => 'nothing' })).rejects.toThrow('bug');
    await find(unreachable);
    expect(await find('passed')).toBe(false);
  });

  it('concerns one organization, one endpoint and one way to reach it', async () => {
    const find = finding(limitsBench());
    for (let count = 0; count < 3; count += 1) await find(unreachable);
    expect(await find('passed', { organizationId: 'other' })).toBe(true);
    expect(await find('passed', { endpoint: 'pop3 mail.example.test:995' })).toBe(true);
    expect(await find('passed', { way: 'imap mail.example.test:993 starttls' })).toBe(true);
    expect(await find('passed')).toBe(false);
  });

  it('does not keep those from trying who want an answer of the server itself', async () => {
    const find = finding(limitsBench());
    for (let count = 0; count < 3; count += 1) await find(unreachable);
    expect(await find('passed', { insists: true })).toBe(true);
    expect(await find('passed')).toBe(true);
  });
});

describe('a bulk run', () => {
  it('sends one check ahead, and answers for the others when the server is down', async () => {
    const { ask, started, settled } = limitsBench();
    const results = Array.from({ length: 50 }, () => ask(request({ bulkRun: 'run' })));
    for (let failures = 0; failures < 3; failures += 1) {
      expect(started).toHaveLength(failures + 1);
      started[failures]?.finish(unreachable);
      await settled();
    }
    expect((await Promise.all(results)).slice(3)).toEqual(Array(47).fill(known()));
    expect(started).toHaveLength(3);
  });

  it('needs to be told only once what does not pass by itself', async () => {
    const { ask, started } = limitsBench();
    const expired = failureFound({ kind: 'CertificateExpired', phase: 'tls', scope: 'profile' });
    const results = Array.from({ length: 50 }, () => ask(request({ bulkRun: 'run' })));
    started[0]?.finish(expired);
    expect((await Promise.all(results)).slice(1)).toEqual(Array(49).fill(known(expired)));
    expect(started).toHaveLength(1);
    // The next run finds out again.
    void ask(request({ bulkRun: 'next' }));
    expect(started).toHaveLength(2);
  });

  it('goes on with all when the first check gets through, even to a refused login', async () => {
    const { ask, started, settled } = limitsBench({ perEndpoint: 10 });
    for (let count = 0; count < 50; count += 1) void ask(request({ bulkRun: 'run' }));
    started[0]?.finish(refusedLogin);
    await settled();
    expect(started).toHaveLength(11);
  });

  it('is no reason to spare anybody outside of it: each asks for itself', async () => {
    const find = finding(limitsBench());
    const expired = failureFound({ kind: 'CertificateExpired', phase: 'tls', scope: 'profile' });
    for (let count = 0; count < 3; count += 1) expect(await find(expired)).toBe(true);
    const shared = { account: 'profile secret 1', way: 'another way' };
    const refused = failureFound({ scope: 'profile' });
    for (let count = 0; count < 5; count += 1) expect(await find(refused, shared)).toBe(true);
    for (let count = 0; count < 5; count += 1)
      expect(await find(refused, { bulkRun: 'run', way: 'a third' })).toBe(true);
  });

  it('holds back its own checks, and no others', () => {
    const { ask, started } = limitsBench();
    for (const bulkRun of ['a', 'a', 'b', null, 'b', null, 'a']) void ask(request({ bulkRun }));
    expect(started.map(({ request: { bulkRun } }) => bulkRun)).toEqual(['a', 'b', null, null]);
  });

  it('still does not know a server that its first check could not find out about', async () => {
    const { ask, started, settled } = limitsBench();
    for (let count = 0; count < 5; count += 1) void ask(request({ bulkRun: 'run' }));
    for (const [turn, lesson] of [ours, { ...unreachable, disposition: 'transient' } as const].entries()) {
      started[turn]?.finish(lesson);
      await settled();
      expect(started).toHaveLength(turn + 2);
    }
  });

  it('sends one login of a shared account ahead, and the others once it got through', async () => {
    const { ask, started, settled } = limitsBench();
    const ofRun = { bulkRun: 'run', identity: 'profile' } as const;
    void ask(request({ bulkRun: 'run' }));
    started[0]?.finish('passed');
    await settled();
    for (let count = 0; count < 4; count += 1) void ask(request({ ...ofRun, account: 'profile secret 1' }));
    expect(started).toHaveLength(2);
    // Who logs in with anything else does not wait for it.
    void ask(request({ bulkRun: 'run' }));
    void ask(request({ account: 'profile secret 1' }));
    void ask(request({ ...ofRun, organizationId: 'another', identity: 'other', account: 'profile secret 1' }));
    expect(started).toHaveLength(5);
    started[1]?.finish('passed');
    await settled();
    expect(started).toHaveLength(8);
  });

  it.each([
    ['for good', {}, false],
    ['for good, its token', { phase: 'oauth' }, false],
    ['for a while', { disposition: 'transient' }, true],
    ['for one mailbox', { scope: 'mailbox' }, true],
    ['in a folder', { phase: 'select' }, true],
  ] as const)('does not try the shared account again that was refused %s', async (_, changes, runs) => {
    const bench = limitsBench();
    const find = finding(bench);
    const shared = { bulkRun: 'run', identity: 'profile', account: 'profile secret 1' };
    expect(await find(failureFound({ scope: 'profile', ...changes }), shared)).toBe(true);
    expect(await find('passed', shared)).toBe(runs);
  });

  it('tries the account that a profile’s mailboxes share once, and not again when it is refused', async () => {
    const { ask, started, settled } = limitsBench();
    const ofProfile = { bulkRun: 'run', identity: 'profile', account: 'profile secret 1' } as const;
    const refused = failureFound({ scope: 'profile' });
    const results = Array.from({ length: 20 }, () => ask(request(ofProfile)));
    expect(started).toHaveLength(1);
    started[0]?.finish(refused);
    expect((await Promise.all(results)).slice(1)).toEqual(Array(19).fill(known(refused)));
    void ask(request({ ...ofProfile, account: 'profile secret 2' }));
    void ask(request({ bulkRun: 'run' }));
    await settled();
    expect(started).toHaveLength(3);
  });
});

/** When mutants are tried, some hundred show it as well. */
const many = Math.max(200, runsOf({ small: 2_000, ci: 2_000, full: 20_000 }));

test('a dead server of one organization does not delay the many mailboxes of another', async () => {
  const { ask, started, settled } = limitsBench(limitsOfTest);
  const dead = Array.from({ length: 200 }, (_, count) =>
    ask(request({ organizationId: 'dead', endpoint: `imap gone-${count % 20}:993`, bulkRun: 'dead' })),
  );
  const alive = Array.from({ length: many }, () =>
    ask(request({ organizationId: 'alive', endpoint: 'imap here:993', bulkRun: 'alive' })),
  );
  // The dead server never answers: none of its checks is ever finished here.
  let finished = 0;
  for (let next = 0; next < started.length; next += 1) {
    const check = started[next];
    if (check?.request.organizationId !== 'alive') continue;
    finished += 1;
    check.finish('passed');
    await settled();
  }
  expect(finished).toBe(many);
  expect((await Promise.all(alive)).every(E.isRight)).toBe(true);
  expect(started.filter(({ request: { organizationId } }) => organizationId === 'dead').length).toBeLessThanOrEqual(12);
  expect(dead).toHaveLength(200);
});

const limitsOfTest = { total: 16, perOrganization: 12, perEndpoint: 8 } as const;
