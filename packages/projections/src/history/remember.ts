import type { DomainEvent, RecordedEvent } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';

/** The rows of one view as far as the history has been told. */
export interface Memory<Row, Event extends DomainEvent> {
  readonly row: (key: string) => Row | undefined;
  /** Folds the event into the row of this key; the row before and after, undefined where there is none. */
  readonly take: (
    event: DomainEvent,
    key: string,
    recorded: RecordedEvent,
  ) => readonly [Row | undefined, Row | undefined];
  readonly view: View<Row, Event>;
}

export const memoryOf = <Row, Event extends DomainEvent>(view: View<Row, Event>): Memory<Row, Event> => {
  const rows = new Map<string, Row>();
  const types = new Set<string>(view.events.types);
  return {
    view,
    row: (key) => rows.get(key),
    take: (event, key, recorded) => {
      const before = rows.get(key);
      if (!types.has(event.type)) return [before, before];
      const after = view.evolve(before, event as Event, key, recorded);
      if (after === undefined) rows.delete(key);
      else rows.set(key, after);
      return [before, after];
    },
  };
};
