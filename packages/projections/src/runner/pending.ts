import type { JsonObject, RecordedEvent } from '@mailroom/domain';

/** What has been folded and is not committed yet. */
export interface Pending<Row> {
  /** Rows that changed, of the view; undefined: the row goes. */
  readonly changes: Map<string, Row | undefined>;
  /** What the commit writes: those rows, and what is parked. */
  readonly writes: Map<string, JsonObject | null>;
  last: RecordedEvent | null;
  events: number;
}

export const nothingPending = <Row>(): Pending<Row> => ({
  changes: new Map(),
  writes: new Map(),
  last: null,
  events: 0,
});
