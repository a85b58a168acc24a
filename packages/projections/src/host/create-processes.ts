import { type DomainEvent, type Executor, type Instruction, policies, type ProcessManager } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Assignment, CarriedOut } from '../runner/owed.ts';
import type { FollowerEnv } from '../runner/follower-types.ts';
import { tracedExecutor } from '../operations/telemetry.ts';
import { runProcessManager, type RunningProcess } from '../runner/run-process-manager.ts';

export interface ProcessesOptions {
  readonly executor: Executor;
  /** Tests of one organization that are under way or wait for a place at the same time. */
  readonly perOrganization: number;
  /** Know what is owed also while another process carries it out. */
  readonly observes: boolean;
  readonly onChange: () => void;
}

/** Organizations take turns; a test that a person waits for goes before all others. */
const laneOf = (instruction: Instruction): { readonly lane: string; readonly urgent: boolean } => ({
  lane: instruction.organizationId,
  urgent: instruction.type === 'RunTest' && instruction.urgent,
});

/** So many organizations whose servers do not answer may keep all their places, and the others still go on. */
const organizationsAtOnce = 16;

/** Every policy on the runner: the row first, then what it owes. */
export const createProcesses = (
  env: FollowerEnv,
  { executor, perOrganization, observes, onChange }: ProcessesOptions,
): readonly RunningProcess<Instruction>[] => {
  const traced = tracedExecutor(executor);
  const carryOut = async ({ instruction, signal }: Assignment<Instruction>): Promise<CarriedOut> => {
    const result = await traced.carryOut(instruction, signal)();
    if (E.isRight(result)) return { _tag: 'Done' };
    return { _tag: 'Again', tag: result.left._tag, problem: `${instruction.type} is tried again` };
  };
  const run = <Row, Event extends DomainEvent>(
    manager: ProcessManager<Row, Event, Instruction>,
  ): RunningProcess<Instruction> =>
    runProcessManager(env, manager, {
      carryOut,
      concurrency: organizationsAtOnce * perOrganization,
      perLane: perOrganization,
      lane: laneOf,
      observes,
      onChange,
    });
  // Each by its name: a policy that nothing runs here does not compile.
  const processes: Readonly<Record<keyof typeof policies, RunningProcess<Instruction>>> = {
    testing: run(policies.testing),
    profileChanges: run(policies.profileChanges),
    incidents: run(policies.incidents),
    testRuns: run(policies.testRuns),
    testMessages: run(policies.testMessages),
    alertMail: run(policies.alertMail),
    credentialsExpiry: run(policies.credentialsExpiry),
  };
  return Object.values(processes);
};
