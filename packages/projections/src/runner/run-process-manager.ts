import type { DomainEvent, Position, ProcessManager } from '@mailroom/domain';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { agenda } from './agenda.ts';
import type { CarryOut, Owed } from './owed.ts';
import { follower } from './follower.ts';
import type { FollowerEnv } from './follower-types.ts';
import type { FollowerProgress } from './progress.ts';
import type { NotReached } from './waiting-list.ts';

export interface ProcessOptions<Instruction> {
  readonly carryOut: CarryOut<Instruction>;
  readonly concurrency: number;
  readonly perLane?: number;
  readonly lane?: (instruction: Instruction, key: string) => { readonly lane: string; readonly urgent: boolean };
  readonly batch?: number;
  readonly onPoison?: 'halt' | 'park';
  /** While another process leads, fold on in memory: `owed` then says what that one has still to do, all of it held. */
  readonly observes?: boolean;
  /** Called after every change of what is owed or under way, and of the follower's state. */
  readonly onChange?: () => void;
}

export interface RunningProcess<Instruction> {
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly progress: () => FollowerProgress;
  readonly whenReached: (position: Position, signal?: AbortSignal) => TaskEither<NotReached, void>;
  readonly reached: () => Position | null;
  readonly owed: () => readonly Owed<Instruction>[];
  readonly isQuiet: () => boolean;
}

const oneLane = () => ({ lane: '', urgent: false });

/**
 * A process manager on the follower's loop: the row is folded and committed first, then what it owes is carried out.
 * While the history is being folded nothing is carried out; after a restart only what the rows still owe is.
 */
export const runProcessManager = <Row, Event extends DomainEvent, Instruction>(
  env: FollowerEnv,
  manager: ProcessManager<Row, Event, Instruction>,
  {
    carryOut,
    concurrency,
    perLane = concurrency,
    lane = oneLane,
    batch = 500,
    onPoison = 'halt',
    observes = false,
    onChange = () => undefined,
  }: ProcessOptions<Instruction>,
): RunningProcess<Instruction> => {
  const { timers, backoff } = env;
  const todo = agenda<Instruction>({ carryOut, concurrency, perLane, lane, timers, backoff, onChange });
  const loop = follower<Row, Event>(env, manager, {
    kind: 'process',
    onPoison,
    observes,
    batch,
    onRestored: (rows) => {
      todo.keep(new Set(rows.keys()));
      for (const [key, row] of rows) todo.update(key, manager.intents(row, key));
    },
    onCommitted: (changes) => {
      for (const [key, row] of changes) todo.update(key, row === undefined ? [] : manager.intents(row, key));
    },
    onLive: () => {
      if (loop.progress().isLeading) todo.start();
    },
    onBehind: todo.hold,
    // Another process carries it out now: what is under way here is stopped.
    onResigned: () => todo.keep(new Set()),
    onState: onChange,
  });

  return {
    run: async (signal) => {
      const ending = (): void => void todo.end();
      signal.addEventListener('abort', ending, { once: true });
      try {
        await loop.run(signal);
      } finally {
        signal.removeEventListener('abort', ending);
        await todo.end();
      }
    },
    progress: loop.progress,
    whenReached: loop.whenReached,
    reached: loop.reached,
    owed: todo.owed,
    isQuiet: todo.isQuiet,
  };
};
