import type { Failure, StepName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Check, RunningStep, StepPlan } from './check.ts';
import type { StepList } from './step-list.ts';

interface Surroundings {
  readonly steps: StepList;
  readonly clean: Check['clean'];
  readonly failure: Check['failure'];
  readonly warnings: Failure[];
  readonly remainingMs: () => number;
  readonly deadlineMs: number;
  readonly ending: AbortSignal;
}

export interface StepRunner {
  <T>(name: StepName, plan: StepPlan<T>): Promise<E.Either<Failure, T>>;
  /** How long the step that is running has been running. */
  readonly runningMs: () => number;
}

/** A timer that ends the check itself lies this far behind one that ends a step, so that the step can be named. */
const marginMs = 25;

/**
 * A step that ends together with the whole check is blamed when it used most of the time; otherwise the earlier ones
 * were slow, and the answer is that the time was too short.
 */
const isToBlame = (ms: number, limitMs: number, deadlineMs: number): boolean =>
  // A timer may end a little before its time.
  ms + marginMs >= Math.min(limitMs, deadlineMs / 2);

/** Why signals are aborted; given once, because the default reason is an error with a stack trace of its own each time. */
export const over = 'over';

/** Runs the steps of one check, each within its own limit. */
export const stepRunner = (around: Surroundings): StepRunner => {
  let begun = 0;
  let failed: E.Left<Failure> | null = null;
  // One for all steps, because each costs as much as a step: after one that was stopped no other runs.
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(over);
  if (around.ending.aborted) stop();
  else around.ending.addEventListener('abort', stop, { once: true });

  const run = async <T>(name: StepName, plan: StepPlan<T>): Promise<E.Either<Failure, T>> => {
    if (failed !== null) return failed;
    begun = performance.now();
    around.steps.begin(name);
    const notes: { detail: string | null; warned: boolean } = { detail: null, warned: false };
    const step: RunningStep = {
      signal: stopping.signal,
      detail: (text) => (notes.detail = around.clean(text)),
      warn: (kind, params, overrides) => {
        notes.warned = true;
        around.warnings.push(around.failure(kind, params, overrides));
      },
    };

    const limitMs = Math.max(1, Math.min(plan.limitMs, around.remainingMs() - marginMs));
    let timer: NodeJS.Timeout | undefined;
    const result = await new Promise<E.Either<Failure, T>>((resolve) => {
      let isOverdue = false;
      timer = setTimeout(() => {
        isOverdue = true;
        resolve(tookTooLong(plan));
        stop();
      }, limitMs);
      plan.run(step).then(
        // What a step says once it was stopped is no answer any more, however soon it says it.
        (outcome) => (isOverdue ? undefined : resolve(outcome)),
        () => (isOverdue ? undefined : resolve(E.left(around.failure('ClientBug')))),
      );
    });
    clearTimeout(timer);

    failed = E.isLeft(result) ? result : null;
    const status = E.isLeft(result) ? 'failed' : notes.warned ? 'warning' : 'passed';
    const detail = notes.detail ?? (E.isLeft(result) ? result.left.serverText : null);
    around.steps.end(name, status, performance.now() - begun, detail);
    return result;
  };

  const tookTooLong = async <T>({ limitMs, onTimeout }: StepPlan<T>): Promise<E.Either<Failure, T>> => {
    if (!isToBlame(performance.now() - begun, limitMs, around.deadlineMs)) {
      return E.left(around.failure('DeadlineExceeded'));
    }
    if (typeof onTimeout === 'string') return E.left(around.failure(onTimeout));
    return E.left(await onTimeout());
  };

  return Object.assign(run, { runningMs: () => performance.now() - begun });
};
