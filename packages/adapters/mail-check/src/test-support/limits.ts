import { type CheckReport, failure, type FailureKind } from '@mailroom/domain';
import { type CheckLimitsOptions, type CheckRequest, createCheckLimits } from '../limits/check-limits.ts';

export const passed: CheckReport = { verdict: 'passed', failure: null, warnings: [], steps: [], ms: 1 };
export const failed = (kind: FailureKind): CheckReport => ({ ...passed, verdict: 'failed', failure: failure(kind) });

let names = 0;
export const request = (given: Partial<CheckRequest> = {}): CheckRequest => {
  names += 1;
  return {
    organizationId: 'acme',
    endpoint: 'imap mail.example.test:993',
    identity: `mailbox-${names}`,
    identityLimit: 10,
    exclusive: `mailbox-${names}`,
    urgent: false,
    ...given,
  };
};

/** Checks that run until they are told their report, in the order in which they were started. */
export const bench = (options: Partial<CheckLimitsOptions> = {}) => {
  const limits = createCheckLimits({ reservedForPeople: 0, ...options });
  const started: { readonly request: CheckRequest; readonly finish: (report: CheckReport) => void }[] = [];
  const ask = (asked: CheckRequest): Promise<CheckReport> =>
    limits.run(asked, () => new Promise((resolve) => started.push({ request: asked, finish: resolve })));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { limits, started, ask, settled };
};
