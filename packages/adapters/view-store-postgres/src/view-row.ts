import type { JsonObject, Position } from '@mailroom/domain';

/** A build of a view, as the table of views has it. */
export interface ViewRow {
  readonly id: number;
  readonly position: Position | null;
  readonly fence: string;
  readonly indexes: string[];
}

/** Its parameters: the name, the version. */
export const selectView = `SELECT id, position, fence::text, indexes FROM mailroom.view
  WHERE name = $1 AND version = $2 AND definition IS NOT NULL`;

/** A row of a view, as its table has it. */
export interface KeyedRow {
  readonly key: string;
  readonly row: string;
}

export const parsed = (rows: readonly KeyedRow[]): Map<string, JsonObject> =>
  new Map(rows.map(({ key, row }) => [key, JSON.parse(row) as JsonObject]));
