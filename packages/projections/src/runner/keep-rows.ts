import type { DomainEvent, JsonObject, Position, RecordedEvent, ViewCheckpoint, ViewError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type Fold, fromJson } from './definition.ts';
import { decodeBatch, foldBatch } from './fold-batch.ts';
import type { FollowerEnv, FollowerOptions } from './follower-types.ts';
import type { FollowHandlers } from './follow.ts';
import { isParkingKey, parkingLot, parkingPrefix } from './parking.ts';
import { planCommit } from './plan-commit.ts';
import type { ParkedKey } from './progress.ts';
import { rowsAtHand } from './rows-at-hand.ts';
import type { Session } from './session.ts';
import type { ProgressTracker } from './track-progress.ts';

/** How long a checkpoint without rows may stay uncommitted: after a crash only this much is looked at again. */
const idleCheckpointMs = 5000;

/** How often a follower that is behind asks how much is still to come. */
const headEveryMs = 1000;

/** Events decoded and folded in one go. */
const portion = 250;

/**
 * So many turns of the event loop pass between two commits of what comes live. On an idle machine they pass in a tenth
 * of a millisecond; under load each takes as long as the load makes it, and what has come meanwhile shares a commit.
 */
const turnsBetweenCommits = 8;

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export interface KeepRowsOptions<Row, Event extends DomainEvent> {
  readonly env: Pick<FollowerEnv, 'timers' | 'leadership'>;
  readonly fold: Fold<Row, Event>;
  readonly options: FollowerOptions<Row>;
  readonly session: Session;
  /** Where the view stood when it was opened. */
  readonly opened: ViewCheckpoint;
  readonly progress: ProgressTracker;
  /** Tries until it works; `fenced` and `again` as in `tryForEver`. */
  readonly patiently: <A>(task: TaskEither<ViewError, A>) => Promise<A | 'fenced' | 'again'>;
  /** Ends the follower for good. */
  readonly end: (as: 'halted' | 'superseded') => void;
}

/** The rows of one session, from its first read to its last commit. */
export interface RowKeeper {
  /** Reads what waits, and the rows where somebody wants all of them. */
  readonly restore: () => Promise<void>;
  /** What to do with what comes; `head`: where the history ended when this was asked for. */
  readonly handlers: (head: Position | null) => FollowHandlers;
  readonly parked: () => readonly ParkedKey[];
  /** One try, so that a stop is quick: without it the next start only looks at a little more. */
  readonly commitLast: () => Promise<void>;
}

/** Folds batches into the rows of one session. Only those that changed are written, with the checkpoint, in one commit. */
export const keepRows = <Row, Event extends DomainEvent>({
  env: { timers, leadership },
  fold,
  options,
  session: { views, view, isSuccessor },
  opened,
  progress,
  patiently,
  end,
}: KeepRowsOptions<Row, Event>): RowKeeper => {
  const { fault, advance } = progress;
  const lot = parkingLot();
  const hand = rowsAtHand(fold, {
    isEmpty: opened.position === null,
    all: options.allRows,
    load: async (keys) => {
      const loaded = await patiently(views.load(view, keys));
      return loaded === 'again' || loaded === 'fenced' ? null : loaded;
    },
    scan: () => views.scan(view),
  });
  let checkpoint = opened;
  let committedAt = 0;
  let seen: Position | null = null;

  const commit = async (to: Position, rows: ReadonlyMap<string, JsonObject | null>): Promise<'go' | 'stop'> => {
    const written = await patiently(views.commit(view, checkpoint, to, rows));
    if (written === 'fenced') {
      const isFinal = leadership === undefined;
      fault('Fenced', 'another process has taken over this view', isFinal);
      if (isFinal) end('superseded');
      return 'stop';
    }
    if (written === 'again') return 'stop';
    checkpoint = written;
    committedAt = timers.now().getTime();
    return 'go';
  };

  /** A checkpoint alone is worth a commit only now and then. */
  const isCheckpointDue = (): boolean => timers.now().getTime() - committedAt > idleCheckpointMs;

  /** Writes what is pending, and tells. */
  const flush = async (): Promise<'go' | 'stop'> => {
    const { changes, writes, last, events } = hand.pending();
    if (last === null) return 'go';
    // Without a row to write it is a checkpoint alone.
    const isDue = writes.size > 0 || isCheckpointDue();
    if (isDue && (await commit(last.position, writes)) === 'stop') return 'stop';
    hand.committed();
    progress.count(events, last.recordedAt, progress.reached(), last.position);
    options.onCommitted?.(changes, last.position);
    advance(last.position);
    if (progress.state() !== 'catchingUp') return 'go';
    await progress.askHead(headEveryMs);
    // A store in this process may never make anybody wait: commands and timers get on between two commits.
    await turns(1);
    return 'go';
  };

  const take = async (batch: readonly RecordedEvent[]): Promise<'go' | 'stop'> => {
    const decoded = decodeBatch(fold, batch);
    const isErasing = decoded.persons.size > 0;
    // All rows of a person are looked for where they are kept: so first, they have to be there.
    if (isErasing && (await flush()) === 'stop') return 'stop';
    const rows = await hand.rowsFor(decoded);
    if (rows === null) return 'stop';
    const folded = foldBatch(fold, decoded, rows, options.onPoison, lot);
    const { writes, count, fatal } = planCommit(folded, batch, options.onPoison, lot);
    hand.add(folded.changes, writes, count, batch[count - 1]);
    if (fatal === undefined && !isErasing && hand.pending().events < options.batch) return 'go';
    if ((await flush()) === 'stop') return 'stop';
    if (isErasing) options.onErased?.();
    if (fatal === undefined) return 'go';
    fault(fatal.tag, fatal.reason, true);
    options.onBehind?.();
    end('halted');
    return 'stop';
  };

  /** In small portions: what is decoded is soon let go, and the heap stays small. */
  const handle = async (batch: readonly RecordedEvent[]): Promise<'go' | 'stop'> => {
    // A store may deliver the boundary event again.
    const start = hand.pending().last?.position ?? progress.reached();
    const isFresh = start === null || (batch[0] !== undefined && batch[0].position > start);
    const fresh = isFresh ? batch : batch.filter(({ position }) => position > start);
    for (let from = 0; from < fresh.length; from += portion) {
      const some = fresh.length <= portion ? fresh : fresh.slice(from, from + portion);
      if ((await take(some)) === 'stop') return 'stop';
    }
    return 'go';
  };

  /** Nothing more is there just now. */
  const settle = async (): Promise<'go' | 'stop'> => {
    const hasNews = hand.pending().last !== null;
    if ((await flush()) === 'stop') return 'stop';
    const reached = progress.reached();
    if (seen !== null && (reached === null || seen > reached)) {
      if (isCheckpointDue() && (await commit(seen, new Map())) === 'stop') return 'stop';
      advance(seen);
    }
    if (hasNews) await turns(turnsBetweenCommits);
    return 'go';
  };

  /** The history is folded, up to `head` at least: readers may go over to a successor. */
  const caughtUp = async (head: Position | null): Promise<'go' | 'stop'> => {
    if ((await flush()) === 'stop') return 'stop';
    advance(head);
    progress.confirm();
    const reached = progress.reached();
    if (reached !== null && (checkpoint.position === null || checkpoint.position < reached)) {
      if ((await commit(reached, new Map())) === 'stop') return 'stop';
    }
    if (isSuccessor) {
      if ((await patiently(views.activate(view))) === 'again') return 'stop';
      leadership?.activated(view);
    }
    options.onLive?.();
    progress.enter('live');
    return 'go';
  };

  return {
    restore: async () => {
      const rows = new Map<string, Row>();
      for await (const batch of views.scan(view, options.onRestored === undefined ? { prefix: parkingPrefix } : {})) {
        for (const [key, row] of batch.rows) {
          if (isParkingKey(key)) lot.restore(key, row);
          else rows.set(key, fromJson<Row>(row));
        }
      }
      options.onRestored?.(rows);
    },
    handlers: (head) => ({
      events: handle,
      checkpoint: (position) => {
        seen = position;
      },
      settle,
      caughtUp: () => caughtUp(head),
      reconnecting: () => fault('StoreUnavailable', 'the connection to the event store was lost; reconnecting'),
    }),
    parked: lot.list,
    commitLast: async () => {
      const reached = progress.reached();
      if (reached === null || (checkpoint.position ?? '') >= reached) return;
      const last = await views.commit(view, checkpoint, reached, new Map())();
      if (E.isLeft(last)) fault(last.left._tag, 'the last checkpoint was not written');
    },
  };
};
