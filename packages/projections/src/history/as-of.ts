import type { DomainEvent, EventStore, EventUndecodable, Position, RecordedEvent, StoreError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { View } from '../runner/definition.ts';
import { typesOf } from '../runner/erasure.ts';
import type { Poison } from '../runner/fold-batch.ts';
import { foldInto } from '../runner/fold-into.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- views of different rows, folded together
export type AnyView = View<any, any>;

/** The rows of one view, by key. */
export type FoldedRows = ReadonlyMap<string, unknown>;

/** An event that a view cannot apply. It holds no value of the event. */
export interface ViewPoisoned {
  readonly _tag: 'ViewPoisoned';
  readonly view: string;
  readonly position: Position;
  readonly reason: string;
}

export interface Replayed {
  /** The last event that was folded; null: there is none. */
  readonly position: Position | null;
  readonly recordedAt: Date | null;
  /** By name of the view. */
  readonly rows: ReadonlyMap<string, FoldedRows>;
}

export type ReplayFailure = StoreError | EventUndecodable | ViewPoisoned;

/** Folds views in memory with the very functions of the runner: what it would have, had it folded these events. */
const folder = (views: readonly AnyView[]) => {
  const all = views.map((view) => ({
    view,
    types: new Set(typesOf(view)),
    rows: new Map<string, unknown>(),
  }));
  return {
    take: (events: readonly RecordedEvent[]): E.Either<ViewPoisoned, void> => {
      for (const { view, types, rows } of all) {
        const own = all.length === 1 ? events : events.filter(({ type }) => types.has(type));
        const poison = foldInto<unknown, DomainEvent>(view, rows, own);
        if (poison !== null) return E.left(poisoned(view.name, poison));
      }
      return E.right(undefined);
    },
    rows: (): Replayed['rows'] => new Map(all.map(({ view, rows }) => [view.name, rows])),
  };
};

const poisoned = (view: string, { recorded, reason }: Poison): ViewPoisoned => ({
  _tag: 'ViewPoisoned',
  view,
  position: recorded.position,
  reason,
});

export interface ReplayOptions {
  /** Up to this position, inclusive; default: the head. */
  readonly upTo?: Position;
  /** Nothing after the first event that was recorded later than this. */
  readonly until?: Date;
  readonly onProgress?: (position: Position) => void;
  readonly signal?: AbortSignal;
}

/** The rows of views after the history up to a position or a moment: pure, nothing is kept anywhere. */
export const replay =
  (
    store: Pick<EventStore, 'readAll'>,
    views: readonly AnyView[],
    { upTo, until, onProgress, signal }: ReplayOptions = {},
  ): TaskEither<ReplayFailure, Replayed> =>
  async () => {
    const fold = folder(views);
    const types = [...new Set(views.flatMap(typesOf))];
    let last: RecordedEvent | null = null;
    const read = { types, ...(upTo === undefined ? {} : { upTo }), ...(signal === undefined ? {} : { signal }) };
    for await (const batch of store.readAll(read)) {
      if (E.isLeft(batch)) return batch;
      const end = until === undefined ? -1 : batch.right.findIndex(({ recordedAt }) => recordedAt > until);
      const events = end < 0 ? batch.right : batch.right.slice(0, end);
      const taken = fold.take(events);
      if (E.isLeft(taken)) return taken;
      last = events.at(-1) ?? last;
      if (last !== null) onProgress?.(last.position);
      if (end >= 0) break;
    }
    return E.right({ position: last?.position ?? null, recordedAt: last?.recordedAt ?? null, rows: fold.rows() });
  };
