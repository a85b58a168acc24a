import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import * as TestRun from '../../test-run/index.ts';
import type { TestRunId } from '../../values/index.ts';
import { mayTouch } from './authorize.ts';
import type { Environment } from './environment.ts';
import { type Outcome, outcomeOf, type Refusal } from './outcome.ts';
import type { BulkResult } from './run-bulk.ts';
import { note, reject } from './texts.ts';

/**
 * Ends a run: tests of it that are open end, in the background, and no further one is opened. Whoever asked for it may,
 * and whoever may test any mailbox.
 */
export const cancelRun = async (
  { repository }: Environment,
  context: CommandContext,
  runId: TestRunId,
  preview: boolean,
): Promise<E.Either<Refusal, Outcome<BulkResult>>> => {
  const { actor } = context;
  const loaded = await repository.load(TestRun.aggregate, TestRun.streamOf(runId))();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  const run = state._tag !== 'NotRequested' && state.organizationId === actor.organizationId ? state : null;
  const refused = run?.requestedBy === actor.id ? null : mayTouch('CancelTest', actor, null);
  if (refused !== null) return E.left(refused);
  if (run === null) return E.left(reject.TestRunNotFound({ runId }, 'runId'));

  const result: BulkResult = { mailboxes: [], runId };
  const isOver = run._tag === 'Cancelled' || run._tag === 'Completed';
  const notes = [isOver ? note('TestRunOver', {}) : note('TestRunCancelled', {})];
  if (preview) return E.right(outcomeOf(result, [], notes));
  const cancelled = await repository.execute(TestRun.aggregate, { type: 'CancelTestRun', context, runId })();
  if (E.isLeft(cancelled)) return cancelled;
  const isRepeat = cancelled.right.duplicate;
  return E.right(outcomeOf(result, [cancelled.right], isRepeat ? [note('TestRunCancelled', {})] : notes));
};
