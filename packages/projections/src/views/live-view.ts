import type { DomainEvent, Position } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import { follower } from '../runner/follower.ts';
import type { Follower, FollowerEnv } from '../runner/follower-types.ts';

/** The rows of a view in the memory of this process, kept up to date by its follower. */
export interface LiveView<Row> extends Follower {
  readonly name: string;
  readonly rows: ReadonlyMap<string, Row>;
}

/** Called after rows have changed, in the order of the history. */
type OnRowsChanged = (view: string, keys: readonly string[], position: Position) => void;

export interface LiveViewOptions {
  readonly batch?: number;
  readonly onChanged: OnRowsChanged;
  readonly onState?: () => void;
  /** Somebody was erased, here or in another process, and is in the rows no longer. */
  readonly onErased?: () => void;
}

/** A view whose rows can be read at once, without waiting: what the queries of this process stand on. */
export const liveView = <Row, Event extends DomainEvent>(
  env: FollowerEnv,
  view: View<Row, Event>,
  { batch = 1000, onChanged, onState, onErased }: LiveViewOptions,
): LiveView<Row> => {
  const rows = new Map<string, Row>();
  const loop = follower<Row, Event>(env, view, {
    kind: 'view',
    onPoison: 'halt',
    batch,
    observes: true,
    allRows: rows,
    ...(onState === undefined ? {} : { onState }),
    ...(onErased === undefined ? {} : { onErased }),
    onRestored: (restored) => {
      rows.clear();
      for (const [key, row] of restored) rows.set(key, row);
    },
    onCommitted: (changes, position) => {
      for (const [key, row] of changes) {
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
      if (changes.size > 0) onChanged(view.name, [...changes.keys()], position);
    },
  });
  return { ...loop, name: view.name, rows };
};
