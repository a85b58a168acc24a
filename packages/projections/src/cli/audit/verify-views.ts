import { isDeepStrictEqual } from 'node:util';
import type { Position, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ProcessSettings } from '../../configuration/process-settings.ts';
import { type AnyView, type FoldedRows, replay } from '../../history/as-of.ts';
import { allViews } from '../../host/create-views.ts';
import { loadViews } from '../../host/load-views.ts';
import { isParkingKey } from '../../runner/parking.ts';
import { protectRows } from '../../runner/protect-rows.ts';
import { Trouble } from '../io.ts';
import type { OpenHistory } from '../open-history.ts';
import type { ProgressBar } from '../progress-bar.ts';
import { readTrouble } from '../read-trouble.ts';
import { type Check, failed, notRun, passed } from './report.ts';

/** Kept rows that are not those of a replay. */
interface Difference {
  readonly view: string;
  readonly keys: readonly string[];
}

interface Kept {
  readonly position: Position;
  readonly rows: FoldedRows;
  /** Keys that wait behind an event that could not be applied: there the rows are old on purpose. */
  readonly parked: number;
}

const unreadable = new Trouble('The view store cannot be read now.');

/** One state of the rows that this code keeps for the view; null: it keeps none. */
const keptRows = async (views: ViewStore, { name, version }: AnyView): Promise<Kept | null> => {
  const builds = await views.versions(name)();
  const active = await views.active(name)();
  if (E.isLeft(builds) || E.isLeft(active)) throw unreadable;
  const own = builds.right.filter(({ definition }) => definition === version);
  const build = own.find((one) => one.version === active.right) ?? own.at(-1);
  if (build === undefined) return null;
  let position: Position | null = null;
  let parked = 0;
  const rows = new Map<string, unknown>();
  for await (const batch of views.scan({ name, version: build.version })) {
    ({ position } = batch);
    for (const [key, row] of batch.rows) {
      if (isParkingKey(key)) parked += 1;
      else rows.set(key, row);
    }
  }
  return position === null ? null : { position, rows, parked };
};

/** As it comes back from a view store: undefined fields are none. */
const asStored = (row: unknown): unknown =>
  row === undefined ? undefined : (JSON.parse(JSON.stringify(row)) as unknown);

const differing = (kept: FoldedRows, folded: FoldedRows): readonly string[] =>
  [...new Set([...kept.keys(), ...folded.keys()])].filter(
    (key) => !isDeepStrictEqual(kept.get(key), asStored(folded.get(key))),
  );

/** Whether the rows that are kept are those that the history gives, at the position that each view has reached. */
export const checkViews = async (
  { store, cipher }: OpenHistory,
  settings: ProcessSettings,
  bar: ProgressBar,
  signal: AbortSignal,
): Promise<Check> => {
  // Not the default: opening a file of events as one of rows would make tables in it.
  const given = settings.views;
  if (given === null) return notRun('views', 'no rows are kept there; name them with --views');
  const all: readonly AnyView[] = Object.values(allViews);
  const { views, close } = await loadViews(given);
  try {
    const opened = protectRows(views, cipher, all);
    const differences: Difference[] = [];
    let compared = 0;
    let rows = 0;
    let parked = 0;
    for (const view of all) {
      const kept = await keptRows(opened, view);
      if (kept === null) continue;
      const replayed = await replay(store, [view], { upTo: kept.position, signal })();
      if (E.isLeft(replayed)) {
        if (replayed.left._tag !== 'ViewPoisoned' || kept.parked === 0) throw readTrouble(replayed.left);
        parked += 1;
        continue;
      }
      const keys = differing(kept.rows, replayed.right.rows.get(view.name) ?? new Map());
      if (keys.length > 0) differences.push({ view: view.name, keys });
      compared += 1;
      rows += kept.rows.size;
      bar.at(compared);
    }
    if (compared + parked === 0) return notRun('views', 'no view has been built there yet');
    if (differences.length > 0) {
      const which = differences.map(({ view, keys }) => `${view} in ${keys.length} rows`).join(', ');
      return failed('views', `not equal to a replay: ${which}`, { differences });
    }
    const waiting = parked === 0 ? '' : `; ${parked} with parked events were not compared`;
    return passed('views', `${compared} views with ${rows} rows equal a replay${waiting}`, {
      views: compared,
      rows,
      parked,
    });
  } finally {
    await close();
  }
};
