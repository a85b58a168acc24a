import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Instruction } from '../../policies/index.ts';
import { announceAlertMail, deliverAlertMail } from './alert-mail.ts';
import { announceMailboxExpiry, announceProfileExpiry } from './announce-expiry.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import {
  detachFromProfile,
  probeIncident,
  requestRetry,
  resumePausedChannel,
  spreadProfileChange,
} from './follow-up.ts';
import { type CheckLimits, createCheckLimits, defaultChecksAtOnce, limitsFor } from './limits/check-limits.ts';
import { cancelTestOfRun, completeRun, startRun } from './test-runs.ts';
import { runTest } from './run-test.ts';
import { sendTestMessage } from './send-test-message.ts';

/** Carries out what policies owe. */
export interface Executor {
  /**
   * Right: done, or no longer needed. Left: the world said no; the instruction is still owed. Repeating an instruction
   * that was carried out changes nothing. Aborting the signal ends checks under way without a result.
   */
  readonly carryOut: (instruction: Instruction, signal?: AbortSignal) => TaskEither<CarryOutFailure, void>;
}

/** One for each process that runs checks: it counts the connections and knows which servers are in trouble. */
export const executor = (environment: CarryOutEnvironment): Executor => {
  const { clock, deployment, checksAtOnce = defaultChecksAtOnce, spareAfter = 3 } = environment;
  const limits: CheckLimits = createCheckLimits({
    ...limitsFor(checksAtOnce),
    failuresToOpen: spareAfter,
    openMs: deployment.retry.firstDelaySeconds * 1000,
    now: () => clock.now().getTime(),
  });
  return {
    carryOut: (instruction, signal) => () => {
      switch (instruction.type) {
        case 'RunTest':
          return runTest(environment, limits, instruction, signal);
        case 'SendTestMessage':
          return sendTestMessage(environment, limits, instruction, signal);
        case 'RequestRetry':
          return requestRetry(environment, instruction);
        case 'ProbeIncident':
          return probeIncident(environment, instruction);
        case 'ResumePausedChannel':
          return resumePausedChannel(environment, instruction);
        case 'SpreadProfileChange':
          return spreadProfileChange(environment, instruction);
        case 'DetachFromProfile':
          return detachFromProfile(environment, instruction);
        case 'StartRun':
          return startRun(environment, instruction);
        case 'CancelTestOfRun':
          return cancelTestOfRun(environment, instruction);
        case 'CompleteRun':
          return completeRun(environment, instruction);
        case 'AnnounceAlertMail':
          return announceAlertMail(environment, instruction);
        case 'DeliverAlertMail':
          return deliverAlertMail(environment, instruction);
        case 'AnnounceProfileCredentialsExpiry':
          return announceProfileExpiry(environment, instruction);
        case 'AnnounceMailboxCredentialsExpiry':
          return announceMailboxExpiry(environment, instruction);
      }
    },
  };
};
