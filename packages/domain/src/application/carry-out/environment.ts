import type { CommandFailure, LoadFailure } from '../../kernel/aggregate.ts';
import type { Repository } from '../../kernel/execute.ts';
import type { DeploymentPolicy } from '../../settings/deployment.ts';
import type { MailboxId, MailChannel, TestId } from '../../values/index.ts';
import type { Clock, MailProbe, SecretVault, StepName, StepStatus, VaultUnavailable } from '../ports/index.ts';

interface OfCheck<Tag extends string> {
  readonly _tag: Tag;
  readonly mailboxId: MailboxId;
  readonly testId: TestId;
  readonly channel: MailChannel;
}

/** What goes on in a check, as it goes on: for people who watch. Never stored, never personal. */
export type CheckActivity =
  | OfCheck<'CheckStarted'>
  | (OfCheck<'StepStarted'> & { readonly step: StepName })
  | (OfCheck<'StepEnded'> & {
      readonly step: StepName;
      readonly status: StepStatus;
      readonly ms: number;
      readonly detail: string | null;
    })
  | (OfCheck<'CheckEnded'> & { readonly verdict: 'passed' | 'warning' | 'failed'; readonly kind: string | null });

/** What carrying out instructions works with. */
export interface CarryOutEnvironment {
  readonly repository: Repository;
  readonly vault: Pick<SecretVault, 'reveal'>;
  readonly probe: MailProbe;
  readonly clock: Clock;
  readonly deployment: DeploymentPolicy;
  /** Checks at the same time in all, shared fairly; default 64. */
  readonly checksAtOnce?: number;
  /** Told of every step of every check; what it throws is not caught. */
  readonly onProgress?: (activity: CheckActivity) => void;
}

/** A check ended without a result although nobody asked it to; it has to be tried again. */
export interface CheckAbandoned {
  readonly _tag: 'CheckAbandoned';
}

/** The world says no: the instruction is still owed, and has to be carried out again later. */
export type CarryOutFailure = CommandFailure | LoadFailure | VaultUnavailable | CheckAbandoned;
