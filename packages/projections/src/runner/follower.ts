import type { DomainEvent, JsonObject, Position, RecordedEvent, ViewCheckpoint, ViewError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { delayOf } from './backoff.ts';
import { type Fold, fromJson, viewNameOf } from './definition.ts';
import { decodeBatch, foldBatch } from './fold-batch.ts';
import type { Follower, FollowerEnv, FollowerOptions } from './follower-types.ts';
import { follow, type FollowHandlers } from './follow.ts';
import { lookAhead } from './look-ahead.ts';
import { isParkingKey, parkingLot } from './parking.ts';
import { type FollowerError, type FollowerState, pace, rateMeter } from './progress.ts';
import { planCommit } from './plan-commit.ts';
import { pause } from './timers.ts';
import { tryForEver } from './try-for-ever.ts';
import { waitingList } from './waiting-list.ts';

/** How long a checkpoint without rows may stay uncommitted: after a crash only this much is looked at again. */
const idleCheckpointMs = 5000;

/**
 * Catches up, then follows live. Rows are loaded once per batch, and only those that changed are written, with the
 * checkpoint, in one commit. Passing trouble is retried for ever; a newer or broken event stops it, or parks its key.
 */
export const follower = <Row, Event extends DomainEvent>(
  { store, views, timers, backoff, distance }: FollowerEnv,
  fold: Fold<Row, Event>,
  options: FollowerOptions<Row>,
): Follower => {
  // A view and a process manager may have one name; they never share rows.
  const view = options.kind === 'view' ? viewNameOf(fold) : { name: `process/${fold.name}`, version: fold.version };
  const lot = parkingLot();
  const meter = rateMeter();
  const waiting = waitingList();
  let state: FollowerState = 'starting';
  let checkpoint: ViewCheckpoint = { position: null, fence: 0 };
  let reached: Position | null = null;
  let head: Position | null = null;
  let headAskedAt = 0;
  let events = 0;
  let lastEventAt: Date | null = null;
  let lastError: FollowerError | null = null;
  let lastProgressAt: Date | null = null;
  let committedAt = 0;

  const enter = (next: FollowerState): void => {
    state = next;
    options.onState?.();
  };
  const isFinal = (): boolean => state === 'halted' || state === 'superseded' || state === 'stopped';
  const fault = (tag: string, problem: string, final = false): void => {
    lastError = { tag, problem, at: timers.now(), final };
  };
  const end = (as: 'halted' | 'superseded' | 'stopped'): void => {
    enter(as);
    ahead.end();
    waiting.endAll({ _tag: 'NotReached', name: fold.name, state: as });
  };
  const ahead = lookAhead({
    store,
    types: fold.events.types,
    timers,
    wanted: waiting.furthest,
    reached: () => reached,
    isLive: () => state === 'live',
    onNothing: (upTo) => advance(upTo),
  });
  const advance = (position: Position | null): void => {
    if (position === null || (reached !== null && position <= reached)) return;
    reached = position;
    lastProgressAt = timers.now();
    if (head === null || head < position) head = position;
    waiting.reached(position);
  };

  const patiently = <A>(signal: AbortSignal, task: TaskEither<ViewError, A>): Promise<A | 'fenced' | 'again'> =>
    tryForEver({ timers, backoff, signal, onFault: (tag) => fault(tag, 'the view store cannot be reached') }, task);

  const restore = async (): Promise<void> => {
    lot.clear();
    const rows = new Map<string, Row>();
    for await (const batch of views.scan(view)) {
      for (const [key, row] of batch) {
        if (isParkingKey(key)) lot.restore(key, row);
        else if (options.onRestored !== undefined) rows.set(key, fromJson<Row>(row));
      }
    }
    options.onRestored?.(rows);
  };

  const commit = async (
    to: Position,
    rows: ReadonlyMap<string, JsonObject | null>,
    signal: AbortSignal,
  ): Promise<'go' | 'stop'> => {
    const written = await patiently(signal, views.commit(view, checkpoint, to, rows));
    if (written === 'fenced') {
      fault('Fenced', 'another process has taken over this view', true);
      end('superseded');
      return 'stop';
    }
    if (written === 'again') return 'stop';
    checkpoint = written;
    committedAt = timers.now().getTime();
    return 'go';
  };

  const askHead = async (): Promise<void> => {
    headAskedAt = timers.now().getTime();
    const asked = await store.head();
    if (E.isRight(asked) && asked.right !== null && (head === null || asked.right > head)) head = asked.right;
  };

  const handle = async (batch: readonly RecordedEvent[], signal: AbortSignal): Promise<'go' | 'stop'> => {
    // A store may deliver the boundary event again.
    const start = reached;
    const fresh = start === null ? batch : batch.filter(({ position }) => position > start);
    const last = fresh.at(-1);
    if (last === undefined) return 'go';
    const decoded = decodeBatch(fold, fresh);
    const loaded = await patiently(signal, views.load(view, [...decoded.keys]));
    if (loaded === 'again' || loaded === 'fenced') return 'stop';
    const rows = loaded as ReadonlyMap<string, unknown> as ReadonlyMap<string, Row>;
    const folded = foldBatch(fold, decoded, rows, options.onPoison, lot.has);
    const { writes, count, fatal } = planCommit(folded, fresh, options.onPoison, lot);
    const to = fresh[count - 1];
    if (to !== undefined) {
      if ((await commit(to.position, writes, signal)) === 'stop') return 'stop';
      events += count;
      lastEventAt = to.recordedAt;
      meter.add(count, timers.now().getTime());
      options.onCommitted?.(folded.changes, to.position);
      advance(to.position);
    }
    if (fatal !== undefined) {
      fault(fatal.tag, fatal.reason, true);
      options.onBehind?.();
      end('halted');
      return 'stop';
    }
    if (state === 'catchingUp' && timers.now().getTime() - headAskedAt > 1000) await askHead();
    return 'go';
  };

  const handlers = (headBefore: Position | null, signal: AbortSignal): FollowHandlers => ({
    events: (batch) => handle(batch, signal),
    checkpoint: async (position) => {
      if (reached !== null && position <= reached) return 'go';
      const idle = timers.now().getTime() - committedAt > idleCheckpointMs;
      if (idle && (await commit(position, new Map(), signal)) === 'stop') return 'stop';
      advance(position);
      return 'go';
    },
    caughtUp: async () => {
      advance(headBefore);
      lastProgressAt = timers.now();
      if (reached !== null && (checkpoint.position === null || checkpoint.position < reached)) {
        if ((await commit(reached, new Map(), signal)) === 'stop') return 'stop';
      }
      options.onLive?.();
      enter('live');
      return 'go';
    },
    reconnecting: () => fault('StoreUnavailable', 'the connection to the event store was lost; reconnecting'),
  });

  const run = async (signal: AbortSignal): Promise<void> => {
    const isStopping = (): boolean => signal.aborted;
    for (let attempt = 1; !isStopping() && !isFinal(); attempt += 1) {
      const handledBefore = events;
      try {
        const opened = await patiently(signal, views.open(view));
        if (opened === 'again' || opened === 'fenced') continue;
        checkpoint = opened;
        reached = opened.position;
        await restore();
        if (reached !== null) waiting.reached(reached);
        await askHead();
        enter('catchingUp');
        const ended = await follow(
          store,
          { after: reached, types: fold.events.types, signal, batch: options.batch },
          handlers(head, signal),
        );
        if (ended._tag === 'Dropped') {
          const tag = ended.error?._tag ?? (ended.thrown === null ? 'SubscriptionEnded' : 'AdapterThrew');
          fault(tag, ended.error?._tag === 'StoreRefused' ? ended.error.problem : 'the event store cannot be read now');
        }
      } catch (thrown) {
        fault(
          'ViewUnavailable',
          thrown instanceof Error ? `the view store threw ${thrown.name}` : 'the view store threw',
        );
      }
      options.onBehind?.();
      if (isStopping() || isFinal()) break;
      enter('waiting');
      if (events > handledBefore) attempt = 1;
      await pause(timers, delayOf(backoff, attempt, timers.random), signal);
    }
    if (!isFinal()) {
      if (reached !== null && checkpoint.fence > 0 && (checkpoint.position === null || checkpoint.position < reached)) {
        // One try, so that a stop is quick: without it the next start only looks at a little more.
        const last = await views.commit(view, checkpoint, reached, new Map())();
        if (E.isLeft(last)) fault(last.left._tag, 'the last checkpoint was not written');
      }
      end('stopped');
    }
  };

  return {
    run,
    reached: () => reached,
    whenReached: (position, signal) => async () => {
      if (reached !== null && reached >= position) return E.right(undefined);
      if (isFinal()) return E.left({ _tag: 'NotReached', name: fold.name, state });
      ahead.soon();
      return waiting.until(position, signal);
    },
    progress: () => ({
      name: fold.name,
      version: fold.version,
      kind: options.kind,
      state,
      position: reached,
      head,
      events,
      ...pace({
        isLive: state === 'live',
        now: timers.now().getTime(),
        lastEventAt,
        behind: head === null ? null : distance(reached, head),
        meter,
      }),
      parked: lot.list(),
      lastError,
      lastProgressAt,
    }),
  };
};
