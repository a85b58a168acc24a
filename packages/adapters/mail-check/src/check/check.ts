import type {
  AdviceParams,
  Failure,
  FailureKind,
  FailureOverrides,
  ProbeCredentials,
  ProbeTarget,
  StepName,
  TestMessage,
} from '@mailroom/domain';
import type { Either } from 'fp-ts/lib/Either.js';

/** What a step of a check may use while it runs. */
export interface RunningStep {
  /** Aborted when the step's own limit or the whole check's deadline is over, or the check is cancelled. */
  readonly signal: AbortSignal;
  /** Evidence for people, shown with the step. Redacted and capped here; it must hold no foreign banner. */
  readonly detail: (text: string) => void;
  /** The step succeeds, but somebody should know this. */
  readonly warn: (kind: FailureKind, params?: AdviceParams, overrides?: FailureOverrides) => void;
}

export interface StepPlan<T> {
  /** Own limit in milliseconds; what is left of the check's deadline may be less. */
  readonly limitMs: number;
  /** What it means that this step took too long. */
  readonly onTimeout: FailureKind | (() => Promise<Failure> | Failure);
  readonly run: (step: RunningStep) => Promise<Either<Failure, T>>;
}

/**
 * One check while it runs: what is checked, its limits, and the steps it reports. Made by `createProbe`; it cannot
 * outlive the check.
 */
export interface Check {
  readonly target: ProbeTarget;
  readonly credentials: ProbeCredentials;
  /** Aborted at the deadline, on cancellation and when the probe closes. */
  readonly signal: AbortSignal;
  /** Names the bulk run within which TLS sessions may be resumed; null: never. */
  readonly bulkRun: string | null;
  /** A message to send or to find; null: none. */
  readonly testMessage: TestMessage | null;
  /** Tells how the mailbox is marked now. */
  readonly mark: (mark: string) => void;
  /** Milliseconds until the deadline. */
  readonly remainingMs: () => number;
  /**
   * Runs one step and settles within its limit, whatever `run` does: a rejection becomes a failure of kind ClientBug,
   * a timeout what the plan says. After a failed step every further one is reported as not run.
   */
  readonly step: <T>(name: StepName, plan: StepPlan<T>) => Promise<Either<Failure, T>>;
  /** A failure of this check: host, port and protocol are filled in, server text is cleaned. */
  readonly failure: (kind: FailureKind, params?: AdviceParams, overrides?: FailureOverrides) => Failure;
  /** `failure` as a Left. */
  readonly fail: (kind: FailureKind, params?: AdviceParams, overrides?: FailureOverrides) => Either<Failure, never>;
  /** Server text fit to be shown: redacted, stripped, capped. */
  readonly clean: (text: string) => string | null;
  /** Takes a further secret (a digest, a SASL response) out of everything that this check reports. */
  readonly hide: (...secrets: readonly string[]) => void;
  /** Links to these hosts (and below them) may be shown in server text: those of a recognised provider. */
  readonly trustLinks: (hosts: readonly string[]) => void;
  /** Runs when the check ends, however it ends. Sockets are destroyed here. */
  readonly onEnd: (release: () => void) => void;
}
