import * as E from 'fp-ts/lib/Either.js';
import type { FoundFailure, RecordTestResult, Registered, TestTrigger, TestedStep } from '../../mailbox/index.ts';
import type { Existing } from '../../profile/index.ts';
import { failure } from '../../taxonomy/index.ts';
import type { MailChannel, Secret, TestId, TestRunId } from '../../values/index.ts';
import type { CheckOptions, CheckReport, ProbeCredentials, VaultUnavailable } from '../ports/index.ts';
import type { CarryOutEnvironment, CheckAbandoned } from './environment.ts';
import { failureOfOutcome, foundFailure, scopedToAccount } from './found-failure.ts';
import type { CheckLimits, CheckRequest, NotRun } from './limits/check-limits.ts';
import type { Lesson } from './limits/circuit.ts';
import { planCheck, type PlannedCheck } from './plan-check.ts';
import type { RoundTripOptions } from './round-trip.ts';
import { secretToUse } from './secret-to-use.ts';

export interface ChannelTest {
  readonly mailbox: Registered;
  readonly profile: Existing | null;
  readonly channel: MailChannel;
  readonly testId: TestId;
  readonly runId: TestRunId | null;
  readonly trigger: TestTrigger;
  readonly signal: AbortSignal | undefined;
  /** The check is one step of the way of a test message; absent: there is none. */
  readonly message?: RoundTripOptions;
}

/** What was found about a channel; `abandoned`: the check was stopped from outside, and there is nothing to record. */
export type Found = Pick<RecordTestResult, 'outcome' | 'steps'> | 'abandoned';

const failed = (found: FoundFailure, tried: boolean, steps: readonly TestedStep[] = []): Found => ({
  outcome: { verdict: 'failed', failure: found, tried },
  steps,
});

type Checked = E.Either<VaultUnavailable | CheckAbandoned, Found>;

/** Somebody waits for an answer of the server itself: a person, or all the mailboxes that an incident stopped. */
const insists = (trigger: TestTrigger): boolean => trigger === 'person' || trigger === 'incident';

const requestOf = (
  { mailbox, channel, trigger, runId, signal }: ChannelTest,
  { target, identity, ofProfile, secret, maximumConnections }: PlannedCheck,
): CheckRequest => {
  const { protocol, host, port, tls } = target;
  const endpoint = `${protocol} ${host.toLowerCase()}:${port}`;
  return {
    organizationId: mailbox.organizationId,
    endpoint,
    way: `${endpoint} ${tls}`,
    identity,
    identityLimit: maximumConnections,
    account: ofProfile ? `${identity} ${secret.ref.id} ${secret.ref.version}` : null,
    exclusive: `${mailbox.mailboxId} ${channel}`,
    urgent: trigger === 'person',
    insists: insists(trigger),
    bulkRun: runId,
    signal,
  };
};

const foundWithoutTrying = (why: NotRun): Found => {
  switch (why._tag) {
    case 'Known':
      return failed(why.failure, false);
    case 'TooMany':
      return failed(foundFailure(failure('ChecksRateLimited')), false);
    case 'Cancelled':
      return 'abandoned';
  }
};

/** What the end of a check says about the server, and about the account that several mailboxes may share. */
const lessonOf = (checked: Checked): Lesson => {
  if (E.isLeft(checked) || checked.right === 'abandoned') return 'nothing';
  const { outcome } = checked.right;
  return outcome.verdict === 'passed' ? 'passed' : outcome.failure;
};

/**
 * Checks one channel. Being refused is a result, and so is everything that preflight, the vault's contents or a server
 * known to be in trouble rule out; only a vault that cannot be asked is a failure.
 */
export const checkChannel = async (
  environment: CarryOutEnvironment,
  limits: CheckLimits,
  test: ChannelTest,
): Promise<Checked> => {
  const { mailbox, profile, channel } = test;
  const plan = planCheck(mailbox, profile, channel, environment.deployment);
  if (plan._tag === 'Stopped') return E.right(failed(failureOfOutcome(plan.outcome), true));
  const start = (): Promise<Checked> => tryIt(environment, test, plan.check);
  const result = await limits.run(requestOf(test, plan.check), { start, lesson: lessonOf });
  return E.isLeft(result) ? E.right(foundWithoutTrying(result.left)) : result.right;
};

/** The secret is opened when it is the check's turn, not while it waits. */
const tryIt = async (environment: CarryOutEnvironment, test: ChannelTest, check: PlannedCheck): Promise<Checked> => {
  const isStopped = (): boolean => test.signal?.aborted === true;
  const opened = await secretToUse(environment, check, test.signal);
  if (E.isLeft(opened)) {
    if (opened.left._tag === 'VaultUnavailable') return E.left(opened.left);
    return E.right(isStopped() ? 'abandoned' : failed(opened.left.failure, true));
  }
  if (isStopped()) return E.right('abandoned');

  const { secret, renew } = opened.right;
  let report = await probe(environment, test, check, secret);
  if (report.failure?.kind === 'OAuthTokenRejected' && renew !== null && !isStopped()) {
    // It may have expired sooner than was said. Once, with a new one; what the server says to that counts.
    const renewed = await renew();
    if (E.isLeft(renewed)) return E.right(isStopped() ? 'abandoned' : failed(renewed.left, true, stepsOf(report)));
    if (renewed.right.reveal() !== secret.reveal()) report = await probe(environment, test, check, renewed.right);
  }
  if (isStopped()) return E.right('abandoned');
  if (report.failure?.kind === 'Cancelled') return E.left({ _tag: 'CheckAbandoned' });

  const steps = stepsOf(report);
  if (report.failure === null) {
    return E.right({ outcome: { verdict: 'passed', warnings: report.warnings.map(({ kind }) => kind) }, steps });
  }
  const found = foundFailure(scopedToAccount(report.failure, check.ofProfile, check.target.loginTemplate));
  return E.right(failed(found, true, steps));
};

const stepsOf = ({ steps }: CheckReport): readonly TestedStep[] =>
  steps.map(({ step, status, ms }) => ({ step, status, ms: Math.max(0, Math.round(ms)) }));

/** A probe must never fail; one that does all the same has found a fault of our own, and nothing about the mailbox. */
const crashed: CheckReport = { verdict: 'failed', failure: failure('ClientBug'), warnings: [], steps: [], ms: 0 };

const probe = async (
  { probe: mailProbe, onProgress }: CarryOutEnvironment,
  { mailbox, channel, testId, runId, signal, message }: ChannelTest,
  { target, userName, kind, ofProfile }: PlannedCheck,
  secret: Secret,
): Promise<CheckReport> => {
  const about = { mailboxId: mailbox.mailboxId, testId, channel };
  const credentials: ProbeCredentials = { userName, secret, kind, ofProfile };
  const options: CheckOptions = {
    ...message,
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
