import type { CheckReport, Failure, StepReport } from '@mailroom/domain';
import { colours } from './colours.ts';

/** A failure, or that there is none, in the document of `--json`. */
export const failureDocument = (failure: Failure | null) => ({
  kind: failure?.kind ?? null,
  disposition: failure?.disposition ?? null,
  scope: failure?.scope ?? null,
  field: failure?.field ?? null,
  advice: failure?.advice.sentence ?? null,
});

/** Steps in the document of `--json`. */
export const stepsDocument = (steps: readonly StepReport[]) =>
  steps.map(({ step, status, ms, detail }) => ({ step, status, ms, detail }));

const marks: Readonly<Record<StepReport['status'], string>> = {
  passed: colours.green('✓'),
  warning: colours.yellow('!'),
  failed: colours.red('✗'),
  notRun: colours.dim('-'),
};

/** One step in a line for people. */
export const stepLine = ({ step, status, ms, detail }: StepReport): string => {
  const time = status === 'notRun' ? 'not run' : `${ms} ms`;
  return `  ${marks[status]} ${step.padEnd(11)} ${colours.dim(time.padStart(8))}  ${detail ?? ''}`.trimEnd();
};

/** What went wrong, what to do about it, and what the server said. */
export const failureInWords = ({ kind, advice, serverText }: Failure): string =>
  `${colours.red(`${kind}.`)} ${advice.sentence}${serverText === null ? '' : `\nThe server said: ${serverText}`}`;

/** What should be looked at although it works. */
export const warningsInWords = (warnings: CheckReport['warnings']): readonly string[] =>
  warnings.map(({ advice }) => `${colours.yellow('!')} ${advice.sentence}`);
