import type { FoundFailure } from '../../../mailbox/index.ts';

/** What a check says about what it was made through: a server, or the account of a profile. */
export type Lesson = 'passed' | 'nothing' | FoundFailure;

export interface CircuitOptions {
  /** Failures in a row, with no success in between, after which nobody else tries. */
  readonly threshold: number;
  /** For how long, in milliseconds; then one check finds out whether it is over. */
  readonly openMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Whether a failure is one of what this circuit is about; any other means that it was reached. */
  readonly counts: (failure: FoundFailure) => boolean;
  /** Failures that leave open whether it was reached. */
  readonly leavesOpen: (failure: FoundFailure) => boolean;
}

/** Spares what is in trouble the checks of everybody, and everybody the waiting. */
export interface Circuit {
  /** The failure that stands for a check that need not be tried now; null: try. */
  readonly known: () => FoundFailure | null;
  /** Says that a check has begun: once the time is over, one may try before the others. */
  readonly begin: () => void;
  readonly learn: (lesson: Lesson) => void;
  /** Whether the last check that could tell got through. */
  readonly isProven: () => boolean;
}

/** A closed circuit. Kept in memory: after a restart a few checks find out again. */
export const createCircuit = ({ threshold, openMs, now, counts, leavesOpen }: CircuitOptions): Circuit => {
  let inARow = 0;
  let last: FoundFailure | null = null;
  let openUntil = 0;
  let trying = false;
  let proven = false;

  return {
    known: () => (inARow >= threshold && (trying || now() < openUntil) ? last : null),
    begin: () => {
      trying = true;
    },
    learn: (lesson) => {
      trying = false;
      if (lesson === 'nothing' || (lesson !== 'passed' && leavesOpen(lesson))) return;
      if (lesson === 'passed' || !counts(lesson)) {
        inARow = 0;
        proven = true;
        return;
      }
      inARow += 1;
      last = lesson;
      proven = false;
      openUntil = now() + openMs;
    },
    isProven: () => proven,
  };
};
