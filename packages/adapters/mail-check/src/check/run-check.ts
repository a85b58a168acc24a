import type {
  CheckOptions,
  CheckReport,
  Failure,
  Phase,
  ProbeCredentials,
  ProbeTarget,
  StepName,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { setMaxListeners } from 'node:events';
import { createRedactor } from '../text/redact.ts';
import { cleanServerText } from '../text/server-text.ts';
import type { Check } from './check.ts';
import { failuresOf } from './failures.ts';
import { createStepList } from './step-list.ts';
import { over, stepRunner } from './step-runner.ts';

/** One check as a protocol does it. Right: everything asked for works. */
export type CheckBody = (check: Check) => Promise<E.Either<Failure, void>>;

export interface CheckPlan {
  readonly target: ProbeTarget;
  readonly credentials: ProbeCredentials;
  readonly options: CheckOptions;
  /** The steps expected of this target, in order. */
  readonly steps: readonly StepName[];
  readonly deadlineMs: number;
  /** Aborted when the probe closes. */
  readonly closing: AbortSignal;
  readonly body: CheckBody;
}

const phaseOf = (step: StepName | null): Phase => {
  if (step === null) return 'session';
  return step === 'size' ? 'capability' : step;
};

/**
 * Runs one check to its report. Never rejects; settles at the deadline at the latest, also when the body hangs; on
 * return every socket of the check has been destroyed and every timer cleared.
 */
export const runCheck = async (plan: CheckPlan): Promise<CheckReport> => {
  const { target, credentials, options, closing } = plan;
  const started = performance.now();
  const redact = createRedactor(credentials.secret.reveal(), credentials.userName);
  const trusted: string[] = [];
  const isTrusted = (host: string): boolean => trusted.some((each) => host === each || host.endsWith(`.${each}`));
  const clean = (text: string): string | null => cleanServerText(text, redact, isTrusted);
  const failure = failuresOf(target, credentials, clean);
  const steps = createStepList(plan.steps, options.onStep);
  const warnings: Failure[] = [];
  const releases: (() => void)[] = [];

  const ending = new AbortController();
  let settle: (left: E.Either<Failure, never>) => void = () => undefined;
  const interrupted = new Promise<E.Either<Failure, never>>((resolve) => (settle = resolve));
  const interrupt = (kind: 'Cancelled' | 'DeadlineExceeded'): void => {
    settle(E.left(failure(kind, {}, { phase: phaseOf(steps.running()) })));
    ending.abort(over);
  };
  const cancel = (): void => interrupt('Cancelled');
  const timer = setTimeout(() => interrupt('DeadlineExceeded'), plan.deadlineMs);
  const remainingMs = (): number => Math.max(0, plan.deadlineMs - (performance.now() - started));

  const step = stepRunner({
    steps,
    clean,
    failure,
    warnings,
    remainingMs,
    deadlineMs: plan.deadlineMs,
    ending: ending.signal,
  });
  const check: Check = {
    target,
    credentials,
    signal: ending.signal,
    bulkRun: options.bulkRun ?? null,
    testMessage: options.testMessage ?? null,
    mark: (mark) => options.onMark?.(mark),
    remainingMs,
    step,
    failure,
    fail: (...args) => E.left(failure(...args)),
    clean,
    hide: redact.add,
    trustLinks: (hosts) => trusted.push(...hosts),
    onEnd: (release) => {
      if (ending.signal.aborted) release();
      else releases.push(release);
    },
  };

  for (const signal of [options.signal, closing]) {
    if (signal === undefined) continue;
    // One signal may end a run of thousands of checks.
    setMaxListeners(0, signal);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
  }
  const body = ending.signal.aborted
    ? interrupted
    : plan.body(check).catch((): E.Either<Failure, void> => E.left(failure('ClientBug')));
  const result = await Promise.race([interrupted, body]);

  clearTimeout(timer);
  for (const signal of [options.signal, closing]) signal?.removeEventListener('abort', cancel);
  const running = steps.running();
  if (running !== null)
    steps.end(running, 'failed', step.runningMs(), E.isLeft(result) ? result.left.serverText : null);
  // Before anything is waited for: a step that was interrupted has nothing to say any more.
  const reported = steps.close();
  ending.abort(over);
  // The last opened first, and not within a callback of the TLS engine: Node ends the process (a segmentation fault,
  // seen with 20.19) when the socket under a TLS connection is destroyed while that is at work.
  await new Promise((resolve) => setImmediate(resolve));
  for (const release of releases.reverse()) release();
  return {
    verdict: E.isLeft(result) ? 'failed' : warnings.length > 0 ? 'warning' : 'passed',
    failure: E.isLeft(result) ? result.left : null,
    warnings,
    steps: reported,
    ms: Math.round(performance.now() - started),
  };
};
