import type { Position, ViewCheckpoint, ViewName } from '@mailroom/domain';
import type { Database } from '@mailroom/sqlite';
import { type ViewTable, viewTable } from './view-table.ts';

/** A build that is kept. */
export interface ViewState extends ViewCheckpoint {
  readonly id: number;
  readonly table: ViewTable;
}

/** Null when it was never opened, or was dropped. */
export const stateOf = (sql: Database['sql'], { name, version }: ViewName): ViewState | null => {
  const row = sql(
    'SELECT id, position, fence, indexes FROM view WHERE name = ? AND version = ? AND definition IS NOT NULL',
  ).get([name, version]);
  if (row === undefined) return null;
  const [id, position, fence, indexes] = row;
  const table = viewTable(Number(id), JSON.parse(String(indexes)) as readonly string[]);
  return { id: Number(id), position: position as Position | null, fence: Number(fence), table };
};
