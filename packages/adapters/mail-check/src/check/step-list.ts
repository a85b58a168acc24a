import type { StepName, StepReport, StepStarted, StepStatus } from '@mailroom/domain';

/** Tells somebody who watches; what they do with it cannot disturb the check. */
type Watcher = ((step: StepStarted | StepReport) => void) | undefined;

/** The steps of one check as they happen: each begins and ends once, in order. */
export interface StepList {
  readonly begin: (step: StepName) => void;
  readonly end: (step: StepName, status: Exclude<StepStatus, 'notRun'>, ms: number, detail: string | null) => void;
  /** Name of the step that has begun and not ended. */
  readonly running: () => StepName | null;
  /** Every step that was planned, in order; those never begun are not run. After this nothing is reported any more. */
  readonly close: () => readonly StepReport[];
}

/** Keeps the steps of a check of which `planned` are expected. */
export const createStepList = (planned: readonly StepName[], watch: Watcher): StepList => {
  const reports: StepReport[] = [];
  let running: StepName | null = null;
  let closed = false;

  const tell = (step: StepStarted | StepReport): void => {
    if (closed) return;
    try {
      watch?.(step);
    } catch {
      // A watcher that fails is the host's trouble; the check goes on.
    }
  };

  return {
    begin: (step) => {
      running = step;
      tell({ step });
    },
    end: (step, status, ms, detail) => {
      if (closed) return;
      running = null;
      const report: StepReport = { step, status, ms: Math.round(ms), detail };
      reports.push(report);
      tell(report);
    },
    running: () => running,
    close: () => {
      const done = new Set(reports.map(({ step }) => step));
      for (const step of planned) {
        if (done.has(step)) continue;
        const report: StepReport = { step, status: 'notRun', ms: 0, detail: null };
        reports.push(report);
        tell(report);
      }
      closed = true;
      return reports;
    },
  };
};
