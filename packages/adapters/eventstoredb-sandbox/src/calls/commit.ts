import type { Fault } from '../faults/faults.ts';
import type { CommitOutcome, NewRecord } from '../log/records.ts';
import type { Appended } from '../wire/append-answers.ts';
import type { Refusal } from '../wire/refusals.ts';
import { faultAt, play, type Context, type Faulted } from './context.ts';

/** What a call is told about its write. */
export type Answer =
  { readonly is: 'done'; readonly appended: Appended } | { readonly is: 'refused'; readonly why: Refusal };

async function answerTo(context: Context, stream: string, outcome: CommitOutcome): Promise<Answer> {
  switch (outcome.is) {
    case 'written':
    case 'repeated':
      return { is: 'done', appended: outcome };
    case 'inFlight':
      await context.wait(context.commitTimeoutMs);
      return { is: 'refused', why: { is: 'writeTimeout' } };
    case 'wrongRevision':
      return {
        is: 'refused',
        why: { is: 'wrongRevision', stream, expected: outcome.expected, current: outcome.current },
      };
    case 'deleted':
      return { is: 'refused', why: { is: 'streamDeleted', stream } };
  }
}

/** One write: the faults before it, the change, the faults after it, the answer. */
export interface Write {
  readonly stream: string;
  /** The ids that are in flight until the answer is given. */
  readonly ids: readonly string[];
  readonly fault: Fault | undefined;
  /** True once nobody waits any more: nothing is written then. */
  readonly abandoned: () => boolean;
  readonly change: () => CommitOutcome;
}

/** Carries out a write; undefined when a fault has taken the answer. */
export async function commit(context: Context, call: Faulted, write: Write): Promise<Answer | undefined> {
  await context.settled();
  if (await play(context, faultAt(write.fault, 'before'), call)) return undefined;
  if (write.abandoned()) return undefined;
  const outcome = write.change();
  const answer = outcome.is === 'inFlight' ? undefined : await answerTo(context, write.stream, outcome);
  const late = faultAt(write.fault, 'after');
  if (late !== undefined) {
    const release = context.log.holdInFlight(write.stream, outcome.is === 'written' ? write.ids : []);
    const over = await play(context, late, call);
    release();
    if (over) return undefined;
  }
  return answer ?? answerTo(context, write.stream, outcome);
}

/** Refuses an append whose data alone is larger than the server takes; types and metadata are not counted (23.10). */
export function tooLarge(context: Context, events: readonly NewRecord[]): Refusal | undefined {
  const size = events.reduce((sum, event) => sum + event.data.length, 0);
  return size > context.maxAppendSize ? { is: 'tooLarge', limit: context.maxAppendSize } : undefined;
}
