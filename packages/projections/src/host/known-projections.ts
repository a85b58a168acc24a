import { type EventStore, policies } from '@mailroom/domain';
import { chainView } from '../history/chain-view.ts';
import type { AnyFold } from '../runner/definition.ts';
import { storedName } from '../runner/session.ts';
import { allViews } from './create-views.ts';
import { isEventStoreDb } from './load-store.ts';

/** A view or process manager by the name that a view store knows it by. */
export interface KnownProjection {
  readonly name: string;
  readonly kind: 'view' | 'process';
  readonly fold: AnyFold;
}

const known = (kind: 'view' | 'process', folds: readonly AnyFold[]): readonly KnownProjection[] =>
  folds.map((fold) => ({ name: storedName(kind, fold.name), kind, fold }));

export const knownViews = known('view', Object.values(allViews));
export const knownProcesses = known('process', Object.values(policies));
export const knownProjections: readonly KnownProjection[] = [...knownViews, ...knownProcesses];

/** Every view, and every process manager as `process/NAME`. */
export const projectionNames: readonly string[] = knownProjections.map(({ name }) => name);

/** Chains the history of EventStoreDB while it is written; SQLite chains its events itself. */
export const chainProjection: KnownProjection = { name: chainView.name, kind: 'view', fold: chainView };

/** What can be run over this store, and asked for by name. */
export const projectionsOf = (store: string | EventStore): readonly KnownProjection[] =>
  typeof store === 'string' && isEventStoreDb(store) ? [...knownProjections, chainProjection] : knownProjections;
