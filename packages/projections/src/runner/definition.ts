import type { DomainEvent, JsonObject, PersonId, ProcessManager, Projection } from '@mailroom/domain';

/** Which fields of a row say something about a person: sealed under that person's key wherever a row is written to disk. */
export interface PersonalRow<Row> {
  /** Whose they are; null: this row names nobody. */
  readonly personId: (row: Row) => PersonId | null;
  readonly fields: readonly (keyof Row & string)[];
}

/** A projection as this package declares it: the fold of the kernel, and what in its rows is personal. */
export interface View<Row, Event extends DomainEvent = DomainEvent> extends Projection<Row, Event> {
  readonly personal?: PersonalRow<Row>;
}

/** What a follower folds: a view or a process manager. */
export type Fold<Row, Event extends DomainEvent> =
  View<Row, Event> | (ProcessManager<Row, Event, unknown> & { readonly personal?: PersonalRow<Row> });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- folds of different rows, handled alike
export type AnyFold = Fold<any, any>;

/** Rows are JSON-safe by contract; only the compiler does not know it of interfaces. */
export const toJson = (row: unknown): JsonObject => row as JsonObject;
export const fromJson = <Row>(row: JsonObject): Row => row as unknown as Row;
