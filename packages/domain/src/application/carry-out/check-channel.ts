import * as E from 'fp-ts/lib/Either.js';
import type { FoundFailure, RecordTestResult, Registered, TestTrigger, TestedStep } from '../../mailbox/index.ts';
import type { Existing } from '../../profile/index.ts';
import { failure } from '../../taxonomy/index.ts';
import type { MailChannel, Secret, TestId, TestRunId } from '../../values/index.ts';
import type { CheckOptions, CheckReport, ProbeCredentials, VaultUnavailable } from '../ports/index.ts';
import type { Breaker } from './breaker.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import type { CarryOutEnvironment, CheckAbandoned } from './environment.ts';
import { failureOfOutcome, foundFailure, scopedToAccount } from './found-failure.ts';
import { planCheck, type PlannedCheck } from './plan-check.ts';

/** The parts of the process that all checks share. */
export interface Shared {
  readonly limits: ConnectionLimits;
  readonly breaker: Breaker;
}

export interface ChannelTest {
  readonly mailbox: Registered;
  readonly profile: Existing | null;
  readonly channel: MailChannel;
  readonly testId: TestId;
  readonly runId: TestRunId | null;
  readonly trigger: TestTrigger;
  readonly signal: AbortSignal | undefined;
}

/** What was found about a channel; `abandoned`: the check was stopped from outside, and there is nothing to record. */
export type Found = Pick<RecordTestResult, 'outcome' | 'steps'> | 'abandoned';

const failed = (found: FoundFailure, tried: boolean, steps: readonly TestedStep[] = []): Found => ({
  outcome: { verdict: 'failed', failure: found, tried },
  steps,
});

/**
 * Checks one channel. Being refused is a result, and so is everything that preflight, the vault's contents or a server
 * known to be in trouble rule out; only a vault that cannot be asked is a failure.
 */
export const checkChannel = async (
  environment: CarryOutEnvironment,
  { limits, breaker }: Shared,
  test: ChannelTest,
): Promise<E.Either<VaultUnavailable | CheckAbandoned, Found>> => {
  const { mailbox, profile, channel, trigger, signal } = test;
  const { clock, vault } = environment;
  const plan = planCheck(mailbox, profile, channel, environment.deployment);
  if (plan._tag === 'Stopped') return E.right(failed(failureOfOutcome(plan.outcome), true));
  const { check } = plan;

  const { protocol, host, port } = check.target;
  const endpoint = JSON.stringify([mailbox.organizationId, protocol, host.toLowerCase(), port]);
  // Somebody waits for an answer of the server itself: a person, or all the mailboxes that an incident stopped.
  const insists = trigger === 'person' || trigger === 'incident';
  const known = insists ? null : breaker.known(endpoint, clock.now());
  if (known !== null) return E.right(failed(known, false));

  const revealed = await vault.reveal(check.secret.ref, check.secret.owner)();
  if (E.isLeft(revealed)) {
    if (revealed.left._tag === 'VaultUnavailable') return E.left(revealed.left);
    const scope = check.ofProfile ? 'profile' : 'mailbox';
    return E.right(failed(foundFailure(failure('SecretUnavailable', {}, { scope })), true));
  }

  const report = await limits.within(check.identity, check.maximumConnections, async () =>
    signal?.aborted === true ? null : await probe(environment, test, check, revealed.right),
  );
  if (report === null || signal?.aborted === true) return E.right('abandoned');
  if (report.failure?.kind === 'Cancelled') return E.left({ _tag: 'CheckAbandoned' });

  const steps = report.steps.map(({ step, status, ms }) => ({ step, status, ms: Math.max(0, Math.round(ms)) }));
  if (report.failure === null) {
    breaker.learn(endpoint, null, clock.now());
    return E.right({ outcome: { verdict: 'passed', warnings: report.warnings.map(({ kind }) => kind) }, steps });
  }
  const found = foundFailure(scopedToAccount(report.failure, check.ofProfile, check.target.loginTemplate));
  breaker.learn(endpoint, found, clock.now());
  return E.right(failed(found, true, steps));
};

/** A probe must never fail; one that does all the same has found a fault of our own, and nothing about the mailbox. */
const crashed: CheckReport = { verdict: 'failed', failure: failure('ClientBug'), warnings: [], steps: [], ms: 0 };

const probe = async (
  { probe: mailProbe, onProgress }: CarryOutEnvironment,
  { mailbox, channel, testId, runId, signal }: ChannelTest,
  { target, userName, kind, ofProfile }: PlannedCheck,
  secret: Secret,
): Promise<CheckReport> => {
  const about = { mailboxId: mailbox.mailboxId, testId, channel };
  const credentials: ProbeCredentials = { userName, secret, kind, ofProfile };
  const options: CheckOptions = {
    ...(signal === undefined ? {} : { signal }),
    ...(runId === null ? {} : { bulkRun: runId }),
    onStep: (step) => {
      if ('status' in step) {
        const { step: name, status, ms, detail } = step;
        onProgress?.({ _tag: 'StepEnded', ...about, step: name, status, ms, detail });
      } else onProgress?.({ _tag: 'StepStarted', ...about, step: step.step });
    },
  };
  onProgress?.({ _tag: 'CheckStarted', ...about });
  const { protocol } = target;
  let report: CheckReport;
  try {
    report =
      protocol === 'smtp'
        ? await mailProbe.checkOutgoing({ ...target, protocol }, credentials, options)
        : await mailProbe.checkIncoming({ ...target, protocol }, credentials, options);
  } catch {
    report = crashed;
  }
  onProgress?.({ _tag: 'CheckEnded', ...about, verdict: report.verdict, kind: report.failure?.kind ?? null });
  return report;
};
