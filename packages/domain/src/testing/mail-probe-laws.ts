import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type CheckOptions,
  type CheckReport,
  type ProbeCredentials,
  type ProbeTarget,
  type ProtocolProbe,
  stepNames,
  type StepReport,
  type StepStarted,
} from '../application/ports/index.ts';
import type { Failure } from '../taxonomy/index.ts';
import { type Protocol, Secret } from '../values/index.ts';
import { runsOf } from './test-size.ts';

/** A running server, and a check that fits it. */
export interface ProbeCase<P extends Protocol = Protocol> {
  readonly probe: ProtocolProbe<P>;
  readonly target: ProbeTarget & { readonly protocol: P };
  readonly credentials: ProbeCredentials;
  /** What the check is asked with; default: nothing special. */
  readonly options?: CheckOptions;
  /** Connections that are open at the server now. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** What a server does, and what a check has to say about it. */
export interface ProbeScenario<P extends Protocol = Protocol> {
  readonly name: string;
  readonly truth: Pick<Failure, 'kind' | 'disposition' | 'scope' | 'field'>;
  /** `byte`: the server sends every byte as a packet of its own. */
  readonly start: (split?: 'byte') => Promise<ProbeCase<P>>;
}

export interface ProbeLaws<P extends Protocol = Protocol> {
  /** A server on which everything works, with TLS. */
  readonly working: (split?: 'byte') => Promise<ProbeCase<P>>;
  /** A server that takes connections and never says anything. */
  readonly silent: () => Promise<ProbeCase<P>>;
  readonly scenarios: readonly ProbeScenario<P>[];
}

/** The other side learns a moment later that a connection has ended. */
const patience = { timeout: 20_000, interval: 5 };

type Watched = StepStarted | StepReport;

const isReport = (step: Watched): step is StepReport => 'status' in step;

/** Every form in which a secret may come back. */
const formsOf = ({ userName, secret }: ProbeCredentials): readonly string[] => {
  const value = secret.reveal();
  const base64 = [value, `\0${userName}\0${value}`].map((text) => Buffer.from(text, 'utf8').toString('base64'));
  return [value, encodeURIComponent(value), ...base64, ...base64.map((text) => text.replace(/=+$/, ''))];
};

/** What holds for every report, whatever happened. */
const expectSound = (report: CheckReport, watched: readonly Watched[], credentials: ProbeCredentials): void => {
  const { verdict, failure, warnings, steps, ms } = report;
  expect(failure !== null).toBe(verdict === 'failed');
  if (verdict !== 'failed') expect(warnings.length > 0).toBe(verdict === 'warning');

  // In order, each once, and nothing after the first that failed.
  const order = steps.map(({ step }) => stepNames.indexOf(step));
  expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
  expect(steps.map(({ status }) => (status === 'warning' ? 'passed' : status)).join(' ')).toMatch(
    verdict === 'failed' ? /^(passed ?)*(failed ?)?(notRun ?)*$/ : /^(passed ?)+$/,
  );
  for (const step of steps) expect(step.ms).toBeGreaterThanOrEqual(0);
  expect(ms).toBeGreaterThanOrEqual(0);

  // Who watches sees the same steps, and each that ran begin before it ended.
  expect(watched.filter(isReport)).toEqual(steps);
  for (const step of steps.filter(({ status }) => status !== 'notRun')) {
    const ended = watched.findIndex((each) => isReport(each) && each.step === step.step);
    expect(watched[ended - 1]).toEqual({ step: step.step });
  }

  const shown = JSON.stringify([report, watched]);
  for (const form of formsOf(credentials)) expect(shown.includes(form), 'a secret is shown').toBe(false);
  for (const text of [failure, ...warnings].map((each) => each?.serverText ?? '')) {
    expect(text.length).toBeLessThanOrEqual(300);
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  }
};

/** Runs a check and holds it to what every check promises: a sound report, and no connection left. */
const checked = async <P extends Protocol>(
  { probe, target, credentials, open, ...given }: ProbeCase<P>,
  options: CheckOptions = given.options ?? {},
): Promise<CheckReport> => {
  const watched: Watched[] = [];
  const onStep = (step: Watched): void => {
    watched.push(step);
    options.onStep?.(step);
  };
  const report = await probe.check(target, credentials, { ...options, onStep });
  expectSound(report, watched, credentials);
  await vi.waitFor(() => expect(open()).toBe(0), patience);
  return report;
};

/** The verdict without times and without what differs from run to run. */
const verdictOf = ({ verdict, failure, warnings, steps }: CheckReport): unknown => ({
  verdict,
  failure,
  warnings,
  steps: steps.map(({ step, status }) => `${step}: ${status}`),
});

const expectTruth = (report: CheckReport, { truth }: Pick<ProbeScenario, 'truth'>): void => {
  const isWarning = truth.disposition === 'warning';
  const found = isWarning ? report.warnings.find(({ kind }) => kind === truth.kind) : report.failure;
  const { kind, disposition, scope, field } = found ?? report.failure ?? {};
  expect({ kind, disposition, scope, field, verdict: report.verdict }).toEqual({
    ...truth,
    verdict: isWarning ? 'warning' : 'failed',
  });
  expect(found?.advice.sentence).toMatch(/^\S[^{}]*$/);
};

/**
 * What every probe has to keep: the right verdict for everything that a server does, however its answers are cut into
 * packets; a report that tells each step once and in order; no secret in anything it says; an end within its deadline,
 * at once when it is cancelled, and no connection left behind. Call it at the top of a test file.
 */
export const mailProbeLaws = <P extends Protocol>(name: string, laws: ProbeLaws<P>): void => {
  describe(`mail probe: ${name}`, () => {
    describe('on a server where everything works', () => {
      let server: ProbeCase<P>;
      let whole: CheckReport;
      beforeAll(async () => {
        server = await laws.working();
        whole = await checked(server);
      });
      afterAll(() => server.close());

      it('passes, with every step run', () => {
        expect(whole).toMatchObject({ verdict: 'passed', failure: null, warnings: [] });
        expect(whole.steps.every(({ status }) => status === 'passed')).toBe(true);
      });

      it('passes when every byte comes alone', async () => {
        const split = await laws.working('byte');
        expect(verdictOf(await checked(split))).toEqual(verdictOf(whole));
        await split.close();
      });

      it('says that a wrong password is wrong', async () => {
        const report = await checked({
          ...server,
          credentials: { ...server.credentials, secret: new Secret('not-the-password-0815') },
        });
        expectTruth(report, {
          truth: { kind: 'InvalidCredentials', disposition: 'permanent', scope: 'mailbox', field: 'secret' },
        });
      });

      it('is not disturbed by somebody who watches and throws', async () => {
        const onStep = (): never => {
          throw new Error('the watcher fails');
        };
        const report = await server.probe.check(server.target, server.credentials, { onStep });
        expect(report.verdict).toBe('passed');
      });

      it('keeps checks that run at once apart', async () => {
        const wrong = { ...server, credentials: { ...server.credentials, secret: new Secret('not-it-0815') } };
        const cases = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? wrong : server));
        const reports = await Promise.all(cases.map((each) => each.probe.check(each.target, each.credentials)));
        expect(reports.map(({ verdict }) => verdict)).toEqual(
          cases.map((each) => (each === wrong ? 'failed' : 'passed')),
        );
      });

      it('ends as cancelled whichever step is running, and before the first one', async () => {
        const before = new AbortController();
        before.abort();
        expect((await checked(server, { signal: before.signal })).failure?.kind).toBe('Cancelled');
        for (const { step } of whole.steps) {
          const controller = new AbortController();
          const onStep = (seen: Watched): void => {
            if (seen.step === step && !isReport(seen)) controller.abort();
          };
          const report = await checked(server, { signal: controller.signal, onStep });
          expect(report.failure?.kind).toBe('Cancelled');
          expect(report.steps.at(-1)?.status).toBe(step === whole.steps.at(-1)?.step ? 'failed' : 'notRun');
        }
      });
    });

    describe('on a server that never says anything', () => {
      let server: ProbeCase<P>;
      beforeAll(async () => {
        server = await laws.silent();
      });
      afterAll(() => server.close());

      it.each([150, 1_000])('ends within a deadline of %d ms', async (deadlineMs) => {
        const report = await checked({ ...server, target: { ...server.target, deadlineMs } });
        expect(report.verdict).toBe('failed');
        // A busy machine may be late; what must not happen is waiting for the server.
        expect(report.ms).toBeLessThan(deadlineMs + 10_000);
      });

      it('ends at once when the probe closes, and checks nothing after that', async () => {
        const own = await laws.silent();
        const running = [1, 2, 3].map(() => checked(own));
        await vi.waitFor(() => expect(own.open()).toBe(3), patience);
        await own.probe.close();
        running.push(checked(own));
        const kinds = (await Promise.all(running)).map(({ failure }) => failure?.kind);
        expect(kinds).toEqual(kinds.map(() => 'Cancelled'));
        await own.close();
      });
    });

    describe('names what a server does', () => {
      it.each(laws.scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
        const server = await scenario.start();
        try {
          expectTruth(await checked(server), scenario);
        } finally {
          await server.close();
        }
      });

      // All of them in CI; spread over the list here, to keep the ordinary run short.
      const every = Math.max(1, Math.ceil(laws.scenarios.length / runsOf({ small: 16, ci: 1_000, full: 1_000 })));
      const cut = laws.scenarios.filter((_, index) => index % every === 0);
      it.each(cut.map((scenario) => [scenario.name, scenario] as const))(
        '%s, every byte alone',
        async (_name, scenario) => {
          const server = await scenario.start('byte');
          try {
            expectTruth(await checked(server), scenario);
          } finally {
            await server.close();
          }
        },
      );
    });
  });
};
