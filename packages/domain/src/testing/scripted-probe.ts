import type {
  CheckOptions,
  CheckReport,
  MailProbe,
  ProbeCredentials,
  ProbeTarget,
} from '../application/ports/index.ts';
import { failure, type FailureKind, type FailureOverrides } from '../taxonomy/index.ts';

/** A check that the probe was asked for. */
export interface AskedCheck {
  readonly target: ProbeTarget;
  readonly credentials: ProbeCredentials;
  readonly options: CheckOptions | undefined;
}

type Answer = CheckReport | Promise<CheckReport>;

/** A probe that answers as it is told, and remembers what it was asked. */
export interface ScriptedProbe extends MailProbe {
  readonly asked: readonly AskedCheck[];
  /** From now on checks end like this. */
  readonly answer: (script: (check: AskedCheck) => Answer) => void;
}

export const passes = (): CheckReport => ({
  verdict: 'passed',
  failure: null,
  warnings: [],
  steps: [{ step: 'auth', status: 'passed', ms: 3, detail: null }],
  ms: 5,
});

export const fails = (kind: FailureKind, overrides: FailureOverrides = {}): CheckReport => ({
  verdict: 'failed',
  failure: failure(kind, { host: 'mail.example.org', port: 993 }, overrides),
  warnings: [],
  steps: [{ step: 'connect', status: 'failed', ms: 3, detail: null }],
  ms: 5,
});

export const scriptedProbe = (): ScriptedProbe => {
  const asked: AskedCheck[] = [];
  let script: (check: AskedCheck) => Answer = passes;
  const check = async (
    target: ProbeTarget,
    credentials: ProbeCredentials,
    options?: CheckOptions,
  ): Promise<CheckReport> => {
    const one = { target, credentials, options };
    asked.push(one);
    options?.onStep?.({ step: 'connect' });
    const report = await script(one);
    for (const step of report.steps) options?.onStep?.(step);
    return report;
  };
  return {
    asked,
    answer: (next) => {
      script = next;
    },
    checkIncoming: check,
    checkOutgoing: check,
    close: () => Promise.resolve(),
  };
};
