import type { FoundFailure, RecordTestResult } from './commands.ts';
import { nextAttemptAt } from './retry.ts';
import type { ChannelState } from './state.ts';

/** What a failed test does to its channel. */
export interface Verdict {
  /** Our own trouble says nothing about the mailbox: its status stays. */
  readonly status: 'failure' | 'unchanged';
  readonly attempt: number;
  /** null: not by itself. */
  readonly nextAttemptAt: Date | null;
  readonly channel: 'stays' | 'disabled' | 'pausedByProfile';
  readonly retriesSpent: boolean;
}

/** Our own policy and our own vault do not change their mind by themselves: these count as failures of the mailbox. */
const lastingKinds: ReadonlySet<string> = new Set(['TargetNotAllowed', 'SecretUnavailable']);

/** A bug of this program does not pass by trying again. */
const hopelessKinds: ReadonlySet<string> = new Set(['ClientBug']);

/** A server that has refused a login is not asked again with the same one: accounts get locked that way. */
const waitsForPerson = ({ phase, disposition }: FoundFailure): boolean =>
  phase === 'auth' && disposition === 'permanent';

/**
 * The rules of retrying, pausing and disabling. Permanent: disabled at once. Transient: tried again by plan, `enabled`
 * stays until the plan is spent. Uncertain: permanent on a channel that never worked, else tried a few times. Ours:
 * nothing changes. A channel that works and meets a trouble of the whole profile is paused, and waits for its end.
 */
export const verdictOn = (
  channel: ChannelState,
  failure: FoundFailure,
  { context, mailboxId, retries }: RecordTestResult,
  tried: boolean,
): Verdict => {
  const attempt = tried ? channel.attempt + 1 : Math.max(1, channel.attempt);
  const later = nextAttemptAt(context.at, mailboxId, attempt, retries, failure);
  const { disposition, scope, kind } = failure;
  const works = channel.enabled && channel.worked;

  if (disposition === 'ours' && !lastingKinds.has(kind)) {
    const again = !hopelessKinds.has(kind) && (channel.paused || attempt < retries.attempts);
    return { status: 'unchanged', attempt, nextAttemptAt: again ? later : null, channel: 'stays', retriesSpent: false };
  }
  if (scope === 'profile' && works) {
    const next = waitsForPerson(failure) || lastingKinds.has(kind) ? null : later;
    return { status: 'failure', attempt, nextAttemptAt: next, channel: 'pausedByProfile', retriesSpent: false };
  }

  const limit = disposition === 'transient' ? retries.attempts : channel.worked ? retries.uncertainAttempts : 1;
  const passing = disposition === 'transient' || disposition === 'uncertain' || disposition === 'warning';
  if (passing && attempt < limit) {
    return { status: 'failure', attempt, nextAttemptAt: later, channel: 'stays', retriesSpent: false };
  }
  return { status: 'failure', attempt, nextAttemptAt: null, channel: 'disabled', retriesSpent: passing && attempt > 1 };
};
