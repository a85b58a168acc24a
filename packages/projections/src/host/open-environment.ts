import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, eventFamilies, type EventStore, protectPersonalData } from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import { tracedStore, tracedViews } from '../operations/telemetry.ts';
import { defaultBackoff } from '../runner/backoff.ts';
import type { FollowerEnv } from '../runner/follower-types.ts';
import { type Leadership, leadership } from '../runner/leadership.ts';
import { protectRows } from '../runner/protect-rows.ts';
import { systemTimers, type Timers } from '../runner/timers.ts';
import { knownProjections } from './known-projections.ts';
import { loadStore } from './load-store.ts';
import { loadVault, type MailroomVault } from './load-vault.ts';
import { loadViews, type ViewsLocation } from './load-views.ts';

const folds = knownProjections.map(({ fold }) => fold);

export interface EnvironmentOptions {
  readonly store: string | EventStore;
  readonly views: ViewsLocation;
  readonly vault: VaultOptions | MailroomVault;
  readonly clock: Clock;
  /** What this process wants to lead. */
  readonly names: readonly string[];
}

/** The parts that everything here stands on, opened, with personal data sealed in whatever outlives the process. */
export interface OpenEnvironment {
  readonly environment: FollowerEnv & { readonly store: EventStore; readonly leadership: Leadership };
  /** The store without opened personal data: what is stored, as it is stored. */
  readonly raw: EventStore;
  readonly vault: MailroomVault;
  readonly timers: Timers;
  /** Runs what was added by `closeLater` and closes the parts, the newest first. */
  readonly close: () => Promise<void>;
  readonly closeLater: (close: () => Promise<void>) => void;
}

/** Rejects with `OpenFailure`, everything closed again, when a part cannot be opened. */
export const openEnvironment = async (options: EnvironmentOptions): Promise<OpenEnvironment> => {
  const timers: Timers = { ...systemTimers, now: options.clock.now };
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const { vault, close: closeVault } = await loadVault(options.vault);
    opened.push(closeVault);
    const loaded = await loadStore(options.store, options.clock.now);
    opened.push(loaded.close);
    const rows = await loadViews(options.views);
    opened.push(rows.close);

    const views = rows.isKept ? protectRows(rows.views, vault, folds) : rows.views;
    const holder = `${hostname()}/${process.pid}/${randomUUID()}`;
    return {
      environment: {
        store: tracedStore(protectPersonalData({ store: loaded.store, cipher: vault, families: eventFamilies })),
        views: tracedViews(views),
        leadership: leadership({ views, timers: systemTimers, holder, names: options.names }),
        timers,
        backoff: defaultBackoff,
        distance: loaded.distance,
      },
      raw: loaded.store,
      vault,
      timers,
      close,
      closeLater: (closeOne) => void opened.push(closeOne),
    };
  } catch (error) {
    await close();
    throw error;
  }
};
