import type { CheckOptions, CheckReport, ProbeTarget, Protocol, ProtocolProbe, StepName } from '@mailroom/domain';
import { type CheckBody, runCheck } from './run-check.ts';
import { over } from './step-runner.ts';

/** Deadline of a check where the profile sets none. Servers delay the refusal of a login by 10 seconds and more. */
export const defaultDeadlineMs = 45_000;

export interface ProbeParts<P extends Protocol> {
  readonly protocol: P;
  /** The steps that a check of this target consists of, in order. */
  readonly steps: (target: ProbeTarget, options: CheckOptions) => readonly StepName[];
  readonly body: CheckBody;
  readonly deadlineMs?: number;
}

/**
 * The probe of one protocol around the way that the protocol checks. Adds what all promise: it never rejects, settles
 * within the deadline, hides secrets, reports every step, and leaves nothing behind.
 */
export const createProbe = <P extends Protocol>(parts: ProbeParts<P>): ProtocolProbe<P> => {
  const closing = new AbortController();
  const running = new Set<Promise<CheckReport>>();
  return {
    protocol: parts.protocol,
    check: (target, credentials, options = {}) => {
      const report = runCheck({
        target,
        credentials,
        options,
        steps: parts.steps(target, options),
        deadlineMs: target.deadlineMs ?? parts.deadlineMs ?? defaultDeadlineMs,
        closing: closing.signal,
        body: parts.body,
      });
      running.add(report);
      void report.finally(() => running.delete(report));
      return report;
    },
    close: async () => {
      closing.abort(over);
      await Promise.all(running);
    },
  };
};
