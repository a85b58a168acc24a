import type {
  DomainEvent,
  JsonObject,
  PersonId,
  Position,
  RecordedEvent,
  ViewCheckpoint,
  ViewError,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { delayOf } from './backoff.ts';
import { type Fold, fromJson } from './definition.ts';
import { typesOf } from './erasure.ts';
import { type DecodedBatch, decodeBatch, foldBatch } from './fold-batch.ts';
import type { Follower, FollowerEnv, FollowerOptions } from './follower-types.ts';
import { follow, type FollowHandlers } from './follow.ts';
import type { Term } from './leadership.ts';
import { lookAhead } from './look-ahead.ts';
import { isParkingKey, parkingLot, parkingPrefix } from './parking.ts';
import { type FollowerError, type FollowerState, pace, rateMeter } from './progress.ts';
import { nothingPending } from './pending.ts';
import { planCommit } from './plan-commit.ts';
import { rowCache } from './row-cache.ts';
import { currentTerm, openSession, type Session, storedName } from './session.ts';
import { aborted, pause } from './timers.ts';
import { tryForEver } from './try-for-ever.ts';
import { waitingList } from './waiting-list.ts';

/** How long a checkpoint without rows may stay uncommitted: after a crash only this much is looked at again. */
const idleCheckpointMs = 5000;

/**
 * Rows kept at hand: those of hot mailboxes need not be read, and opened, for every batch. Few, for in a rebuild every
 * row passes through, and what stays for long outlives the young generation of the heap.
 */
const rowsAtHand = 100;

/** Events decoded and folded in one go. */
const portion = 250;

/**
 * Catches up, then follows live. Rows are loaded once per batch, and only those that changed are written, with the
 * checkpoint, in one commit. Passing trouble is retried for ever; a newer or broken event stops it, or parks its key.
 * Where there is a leadership, only the leader writes; the others stand by, and take over where it stopped.
 */
export const follower = <Row, Event extends DomainEvent>(
  env: FollowerEnv,
  fold: Fold<Row, Event>,
  options: FollowerOptions<Row>,
): Follower => {
  const { store, timers, backoff, distance } = env;
  const name = storedName(options.kind, fold.name);
  const indexes = 'indexes' in fold ? fold.indexes : [];
  const lot = parkingLot();
  const meter = rateMeter();
  const distanceMeter = rateMeter();
  const cache = rowCache<Row>(rowsAtHand);
  const waiting = waitingList();
  let state: FollowerState = 'starting';
  let session: Session | null = null;
  let checkpoint: ViewCheckpoint = { position: null, fence: 0 };
  let reached: Position | null = null;
  let head: Position | null = null;
  let headAskedAt = 0;
  let events = 0;
  let lastEventAt: Date | null = null;
  let lastError: FollowerError | null = null;
  let lastProgressAt: Date | null = null;
  let committedAt = 0;
  let pending = nothingPending<Row>();
  let seen: Position | null = null;

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
    types: typesOf(fold),
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

  /** What waits, and the rows where somebody wants all of them. */
  const restore = async ({ views, view }: Session): Promise<void> => {
    lot.clear();
    cache.clear(checkpoint.position === null);
    const rows = new Map<string, Row>();
    for await (const batch of views.scan(view, options.onRestored === undefined ? { prefix: parkingPrefix } : {})) {
      for (const [key, row] of batch.rows) {
        if (isParkingKey(key)) lot.restore(key, row);
        else rows.set(key, fromJson<Row>(row));
      }
    }
    options.onRestored?.(rows);
  };

  const commit = async (
    { views, view }: Session,
    to: Position,
    rows: ReadonlyMap<string, JsonObject | null>,
    signal: AbortSignal,
  ): Promise<'go' | 'stop'> => {
    const written = await patiently(signal, views.commit(view, checkpoint, to, rows));
    if (written === 'fenced') {
      const isFinal = env.leadership === undefined;
      fault('Fenced', 'another process has taken over this view', isFinal);
      if (isFinal) end('superseded');
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

  /** Every row of these persons. Somebody is erased so rarely that all rows may be looked at. */
  const addRowsOf = async (persons: ReadonlySet<PersonId>, { views, view }: Session, rows: Map<string, Row>) => {
    for await (const batch of views.scan(view)) {
      for (const [key, found] of batch.rows) {
        if (isParkingKey(key) || rows.has(key)) continue;
        const row = fromJson<Row>(found);
        const person = fold.personal?.personId(row) ?? null;
        if (person !== null && persons.has(person)) rows.set(key, row);
      }
    }
  };

  /** The rows that a batch needs; null: they cannot be had any more in this session. */
  const rowsFor = async (
    at: Session,
    { keys, persons }: DecodedBatch<Event>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Row> | null> => {
    const { views, view } = at;
    const settled = pending.changes.size === 0 ? keys : [...keys].filter((key) => !pending.changes.has(key));
    const { rows, unknown } = cache.get(settled);
    if (unknown.length > 0) {
      const loaded = await patiently(signal, views.load(view, unknown));
      if (loaded === 'again' || loaded === 'fenced') return null;
      for (const key of unknown) {
        const found = loaded.get(key);
        const row = found === undefined ? undefined : fromJson<Row>(found);
        if (row !== undefined) rows.set(key, row);
        cache.put(key, row);
      }
    }
    for (const key of keys) {
      const row = pending.changes.get(key);
      if (row !== undefined) rows.set(key, row);
    }
    if (persons.size > 0) await addRowsOf(persons, at, rows);
    return rows;
  };

  /** Writes what is pending, and tells. */
  const flush = async (at: Session, signal: AbortSignal): Promise<'go' | 'stop'> => {
    const { changes, writes, last, events: count } = pending;
    if (last === null) return 'go';
    const start = reached;
    if ((await commit(at, last.position, writes, signal)) === 'stop') return 'stop';
    pending = nothingPending();
    for (const [key, row] of changes) cache.put(key, row);
    const now = timers.now();
    events += count;
    lastEventAt = last.recordedAt;
    meter.add(count, now.getTime());
    distanceMeter.add(distance(start, last.position)?.count ?? 0, now.getTime());
    options.onCommitted?.(changes, last.position);
    advance(last.position);
    if (state !== 'catchingUp') return 'go';
    if (now.getTime() - headAskedAt > 1000) await askHead();
    // A store in this process may never make anybody wait: commands and timers get on between two commits.
    await new Promise((resolve) => setImmediate(resolve));
    return 'go';
  };

  const take = async (at: Session, batch: readonly RecordedEvent[], signal: AbortSignal): Promise<'go' | 'stop'> => {
    const decoded = decodeBatch(fold, batch);
    const isErasing = decoded.persons.size > 0;
    // All rows of a person are looked for where they are kept: so first, they have to be there.
    if (isErasing && (await flush(at, signal)) === 'stop') return 'stop';
    const rows = await rowsFor(at, decoded, signal);
    if (rows === null) return 'stop';
    const folded = foldBatch(fold, decoded, rows, options.onPoison, lot);
    const { writes, count, fatal } = planCommit(folded, batch, options.onPoison, lot);
    for (const [key, row] of folded.changes) pending.changes.set(key, row);
    for (const [key, row] of writes) pending.writes.set(key, row);
    pending.last = batch[count - 1] ?? pending.last;
    pending.events += count;
    if (fatal === undefined && !isErasing && pending.events < options.batch) return 'go';
    if ((await flush(at, signal)) === 'stop') return 'stop';
    if (isErasing) options.onErased?.();
    if (fatal === undefined) return 'go';
    fault(fatal.tag, fatal.reason, true);
    options.onBehind?.();
    end('halted');
    return 'stop';
  };

  /** In small portions: what is decoded is soon let go, and the heap stays small. */
  const handle = async (at: Session, batch: readonly RecordedEvent[], signal: AbortSignal): Promise<'go' | 'stop'> => {
    // A store may deliver the boundary event again.
    const start = pending.last?.position ?? reached;
    const isFresh = start === null || (batch[0] !== undefined && batch[0].position > start);
    const fresh = isFresh ? batch : batch.filter(({ position }) => position > start);
    for (let from = 0; from < fresh.length; from += portion) {
      const some = fresh.length <= portion ? fresh : fresh.slice(from, from + portion);
      if ((await take(at, some, signal)) === 'stop') return 'stop';
    }
    return 'go';
  };

  const handlers = (at: Session, headBefore: Position | null, signal: AbortSignal): FollowHandlers => ({
    events: (batch) => handle(at, batch, signal),
    checkpoint: (position) => {
      seen = position;
    },
    settle: async () => {
      if ((await flush(at, signal)) === 'stop') return 'stop';
      if (seen === null || (reached !== null && seen <= reached)) return 'go';
      const idle = timers.now().getTime() - committedAt > idleCheckpointMs;
      if (idle && (await commit(at, seen, new Map(), signal)) === 'stop') return 'stop';
      advance(seen);
      return 'go';
    },
    caughtUp: async () => {
      if ((await flush(at, signal)) === 'stop') return 'stop';
      advance(headBefore);
      lastProgressAt = timers.now();
      if (reached !== null && (checkpoint.position === null || checkpoint.position < reached)) {
        if ((await commit(at, reached, new Map(), signal)) === 'stop') return 'stop';
      }
      if (at.isSuccessor) {
        if ((await patiently(signal, at.views.activate(at.view))) === 'again') return 'stop';
        env.leadership?.activated(at.view);
      }
      options.onLive?.();
      enter('live');
      return 'go';
    },
    reconnecting: () => fault('StoreUnavailable', 'the connection to the event store was lost; reconnecting'),
  });

  /** One term, from opening the view to its end, or to the first trouble that does not pass by waiting. */
  const serve = async (term: Term, signal: AbortSignal): Promise<void> => {
    const found = await openSession(env, fold, options, term);
    if (E.isLeft(found)) {
      fault(found.left._tag, 'the view store cannot be reached');
      return;
    }
    const at = found.right;
    // How far another session had come says nothing about the rows of this one.
    reached = null;
    pending = nothingPending();
    seen = null;
    session = at;
    const opened = await patiently(signal, at.views.open(at.view, { definition: fold.version, indexes }));
    if (opened === 'again' || opened === 'fenced') return;
    checkpoint = opened;
    // Whoever waits for a position reads the rows then: first the rows, then how far they have come.
    await restore(at);
    reached = opened.position;
    if (reached !== null) waiting.reached(reached);
    await askHead();
    enter('catchingUp');
    const ended = await follow(store, { after: reached, types: typesOf(fold), signal }, handlers(at, head, signal));
    if (ended._tag === 'Dropped') {
      const tag = ended.error?._tag ?? (ended.thrown === null ? 'SubscriptionEnded' : 'AdapterThrew');
      fault(tag, ended.error?._tag === 'StoreRefused' ? ended.error.problem : 'the event store cannot be read now');
    }
  };

  /** One try, so that a stop is quick: without it the next start only looks at a little more. */
  const commitLast = async (): Promise<void> => {
    if (session === null || reached === null || (checkpoint.position ?? '') >= reached || checkpoint.fence === 0)
      return;
    const last = await session.views.commit(session.view, checkpoint, reached, new Map())();
    if (E.isLeft(last)) fault(last.left._tag, 'the last checkpoint was not written');
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const isStopping = (): boolean => signal.aborted;
    for (let attempt = 1; !isStopping() && !isFinal(); attempt += 1) {
      const handledBefore = events;
      const term = currentTerm(env, name);
      if (!term.isLeading && options.observes !== true) {
        enter('standby');
        await aborted(term.signal, signal);
        attempt = 0;
        continue;
      }
      try {
        await serve(term, AbortSignal.any([signal, term.signal]));
      } catch (thrown) {
        fault(
          'ViewUnavailable',
          thrown instanceof Error ? `the view store threw ${thrown.name}` : 'the view store threw',
        );
      }
      options.onBehind?.();
      if (isStopping() || isFinal()) break;
      if (term.signal.aborted) {
        if (!currentTerm(env, name).isLeading) options.onResigned?.();
        attempt = 0;
        continue;
      }
      enter('waiting');
      if (events > handledBefore) attempt = 1;
      await pause(timers, delayOf(backoff, attempt, timers.random), AbortSignal.any([signal, term.signal]));
    }
    if (!isFinal()) {
      await commitLast();
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
      build: session?.view.version ?? null,
      kind: options.kind,
      state,
      isLeading: currentTerm(env, name).isLeading,
      position: reached,
      head,
      events,
      ...pace({
        isLive: state === 'live',
        now: timers.now().getTime(),
        lastEventAt,
        behind: head === null ? null : distance(reached, head),
        meter,
        distanceMeter,
      }),
      parked: lot.list(),
      lastError,
      lastProgressAt,
    }),
  };
};
