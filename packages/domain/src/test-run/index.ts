import type { Aggregate } from '../kernel/aggregate.ts';
import type { Decider } from '../kernel/decider.ts';
import { StreamName } from '../kernel/event-store.ts';
import type { TestRunId } from '../values/index.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { type Event, events } from './events.ts';
import type { Rejection } from './rejections.ts';
import { evolve, initialState, type State } from './state.ts';

export type { CancelTestRun, Command, CompleteTestRun, RequestTestRun, Skipped, StartTestRun } from './commands.ts';
export { type Event, events, TestRunCancelled, TestRunCompleted, TestRunRequested, TestRunStarted } from './events.ts';
export { type Rejection, rejections } from './rejections.ts';
export type { State } from './state.ts';

/** How a test run behaves. */
export const decider: Decider<Command, Event, State, Rejection> = { initialState, decide, evolve };

/** The stream of a test run: its life cycle only. */
export const streamOf = (runId: TestRunId): StreamName => StreamName.orThrow(`testRun-${runId}`);

/** Test & Enable of many mailboxes as one job, ready for a repository. */
export const aggregate: Aggregate<Command, Event, State, Rejection> = {
  name: 'testRun',
  decider,
  events,
  streamOf: ({ runId }) => streamOf(runId),
};
