import type { Seal } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ProcessSettings } from '../../configuration/process-settings.ts';
import { chainKey, type ChainRow, chainView, sealsIn } from '../../history/chain-view.ts';
import type { LoadedStore } from '../../host/load-store.ts';
import { loadViews } from '../../host/load-views.ts';
import { fromJson } from '../../runner/definition.ts';
import { Trouble } from '../io.ts';

/** What `projections run` has chained of EventStoreDB while it was written; SQLite keeps its chain with the events. */
export const keptSeals = async (
  kind: LoadedStore['kind'],
  { views: place }: ProcessSettings,
): Promise<readonly Seal[]> => {
  if (kind !== 'eventstoredb' || place === null) return [];
  const { views, close } = await loadViews(place);
  try {
    const active = await views.active(chainView.name)();
    if (E.isLeft(active)) throw new Trouble('The view store cannot be read now.');
    if (active.right === null) return [];
    const rows = await views.load({ name: chainView.name, version: active.right }, [chainKey])();
    if (E.isLeft(rows)) throw new Trouble('The view store cannot be read now.');
    const row = rows.right.get(chainKey);
    return row === undefined ? [] : sealsIn(fromJson<ChainRow>(row));
  } finally {
    await close();
  }
};
