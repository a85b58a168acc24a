import {
  type Clock,
  type DeploymentPolicy,
  type EventStore,
  executor,
  type Instruction,
  type JsonObject,
  policies,
  type Position,
  repository,
  type ScannedRows,
  type StoredVersion,
  type ViewName,
} from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import * as E from 'fp-ts/lib/Either.js';
import { buildsOf } from '../runner/builds.ts';
import type { AnyFold } from '../runner/definition.ts';
import { diffRows, type RowDifference } from '../runner/diff-rows.ts';
import { follower } from '../runner/follower.ts';
import type { Follower } from '../runner/follower-types.ts';
import { dropParked, listParked, type NotMended, retryParked } from '../runner/mend-parked.ts';
import type { FollowerProgress, ParkedKey } from '../runner/progress.ts';
import { rebuild, type Rebuilt } from '../runner/rebuild.ts';
import type { RunningProcess } from '../runner/run-process-manager.ts';
import { storedName } from '../runner/session.ts';
import { pause } from '../runner/timers.ts';
import { createProcesses } from './create-processes.ts';
import { allViews } from './create-views.ts';
import { deploymentOf } from './deployment.ts';
import { loadMailProbe } from './mail-probe.ts';
import type { MailroomVault } from './load-vault.ts';
import type { ViewsLocation } from './load-views.ts';
import { openEnvironment, storedNames } from './open-environment.ts';
import { OpenFailure } from './open-failure.ts';
import { runLed } from './run-led.ts';

export interface ProjectionsOptions {
  /** The history: a SQLite file, an `esdb:` address, or a store of the host's own. */
  readonly store: string | EventStore;
  readonly views: ViewsLocation;
  /** Opens personal data in events, and seals it in rows. */
  readonly vault: VaultOptions | MailroomVault;
  /** Names of `projectionNames`; default: every view, and every process manager where `processes` is given. */
  readonly only?: readonly string[];
  /** Carries out checks and commands too, where this process leads a process manager. */
  readonly processes?: {
    readonly deployment?: Partial<DeploymentPolicy>;
    /** Checks at the same time; default 32. */
    readonly concurrency?: number;
  };
  /** `halt` (default): an event that cannot be applied stops its view. `park`: its key waits, the rest goes on. */
  readonly onPoison?: 'halt' | 'park';
  /** Most events in one commit; default 1,000. */
  readonly batch?: number;
  readonly clock?: Clock;
}

/** A view or process manager, and its builds in the view store. */
export interface StoredProjection {
  readonly name: string;
  readonly kind: 'view' | 'process';
  /** Version of the definition in this code. */
  readonly definition: number;
  /** The build that readers see. */
  readonly active: number | null;
  readonly builds: readonly (StoredVersion & {
    /** What of the history is not in it yet, where the store can count that. */
    readonly behind: { readonly unit: 'events' | 'bytes'; readonly count: number } | null;
  })[];
}

/** What differs between two builds, each as it stands at its own position. */
export interface BuildDifference {
  readonly one: { readonly version: number; readonly position: Position | null };
  readonly other: { readonly version: number; readonly position: Position | null };
  readonly differences: readonly RowDifference[];
}

/** `Unknown…`: no such projection, build or key. `Unreachable`: passing trouble of a store. The rest says what it is. */
export interface ProjectionFailure {
  readonly _tag:
    'UnknownProjection' | 'UnknownVersion' | 'Unreachable' | 'NotRebuilt' | 'NotReached' | NotMended['_tag'];
  readonly problem: string;
}

type Answer<Value> = Promise<E.Either<ProjectionFailure, Value>>;

/** Views and process managers without a host: run, rebuilt, compared and mended. Nothing is printed. */
export interface Projections {
  /** What `run` runs. */
  readonly names: readonly string[];
  /**
   * Runs until the signal aborts: leads what nobody else leads, stands by for the rest and takes over within ten
   * seconds. Resolves when everything has ended, at most five seconds after the signal; checks under way are cancelled
   * and owed again. Once only.
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Brings every view to the head as of now, whoever leads it, and ends. Carries nothing out. In place of `run`. */
  readonly catchUp: (signal: AbortSignal) => Answer<Position | null>;
  readonly progress: () => readonly FollowerProgress[];
  readonly list: () => Answer<readonly StoredProjection[]>;
  /** Builds a view beside the one that readers see, then switches; the build before is kept until it is dropped. */
  readonly rebuild: (
    name: string,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: FollowerProgress) => void },
  ) => Answer<Rebuilt>;
  readonly diff: (name: string, one: number, other: number) => Answer<BuildDifference>;
  /** Readers, and who leads, go over to this build. */
  readonly activate: (name: string, version: number) => Answer<void>;
  readonly drop: (name: string, version: number) => Answer<void>;
  /** All rows of a build (default: the active one) as one state. */
  readonly rows: (name: string, version?: number) => AsyncIterable<ScannedRows>;
  /** Keys that wait behind an event that could not be applied, in the active build. */
  readonly parked: {
    readonly list: (name?: string) => Answer<readonly (ParkedKey & { readonly name: string })[]>;
    /** Applies what waits, with the code as it is now. */
    readonly retry: (name: string, key: string) => Answer<ParkedKey>;
    /** Gives up what waits: the row goes on without those events. */
    readonly drop: (name: string, key: string) => Answer<ParkedKey>;
  };
  readonly close: () => Promise<void>;
}

interface Known {
  readonly name: string;
  readonly kind: 'view' | 'process';
  readonly fold: AnyFold;
}
const known: readonly Known[] = [
  ...Object.values(allViews).map((fold): Known => ({ name: storedName('view', fold.name), kind: 'view', fold })),
  ...Object.values(policies).map((fold): Known => ({ name: storedName('process', fold.name), kind: 'process', fold })),
];

/** Every view, and every process manager as `process/NAME`. */
export const projectionNames: readonly string[] = known.map(({ name }) => name);

const fails = (_tag: ProjectionFailure['_tag'], problem: string): E.Either<ProjectionFailure, never> =>
  E.left({ _tag, problem });
const unreachable = fails('Unreachable', 'the view store cannot be reached now');

/** Opens projections for a process of their own. Rejects with `OpenFailure` when a part cannot be opened. */
export const openProjections = async (options: ProjectionsOptions): Promise<Projections> => {
  const { onPoison = 'halt', batch = 1000, clock = { now: () => new Date() }, processes } = options;
  const all = processes === undefined ? storedNames.views : projectionNames;
  const names = options.only ?? all;
  const { environment, vault, close, closeLater } = await openEnvironment({ ...options, clock, names });
  const { store, views, leadership, timers, distance } = environment;

  /** Every policy that was asked for, on the executor. */
  const openProcesses = async (): Promise<readonly RunningProcess<Instruction>[]> => {
    if (processes === undefined) return [];
    const deployment = deploymentOf(processes.deployment);
    const probe = await loadMailProbe(deployment).catch((cause: unknown) => {
      throw new OpenFailure('deployment', cause);
    });
    closeLater(probe.close);
    const { concurrency = 32 } = processes;
    const carriesOut = executor({
      repository: repository({ store }),
      vault,
      probe,
      clock,
      deployment,
      checksAtOnce: 2 * concurrency,
    });
    const opened = createProcesses(environment, {
      executor: carriesOut,
      perOrganization: 2 * concurrency,
      onChange: () => undefined,
    });
    return opened.filter(({ progress }) => names.includes(storedName('process', progress().name)));
  };

  const followers: (Follower | RunningProcess<Instruction>)[] = known
    .filter(({ kind, name }) => kind === 'view' && names.includes(name))
    .map(({ fold }) => follower(environment, fold, { kind: 'view', onPoison, batch }));
  const viewFollowers = [...followers];
  try {
    followers.push(...(await openProcesses()));
  } catch (error) {
    await close();
    throw error;
  }

  const find = (name: string): E.Either<ProjectionFailure, Known> => {
    const found = known.find((one) => one.name === name);
    return found === undefined
      ? fails('UnknownProjection', `name: expected one of ${projectionNames.join(', ')}`)
      : E.right(found);
  };
  const findBuild = async (name: string, version?: number): Answer<Known & { readonly view: ViewName }> => {
    const found = find(name);
    if (E.isLeft(found)) return found;
    const builds = await buildsOf(views, name)();
    if (E.isLeft(builds)) return unreachable;
    const wanted = version ?? builds.right.active?.version;
    if (!builds.right.all.some((build) => build.version === wanted) || wanted === undefined) {
      const there = builds.right.all.map((build) => build.version).join(', ');
      return fails('UnknownVersion', `version: expected one of the builds of ${name}: ${there || 'there is none yet'}`);
    }
    return E.right({ ...found.right, view: { name, version: wanted } });
  };

  const rowsOf = async (view: ViewName) => {
    const rows = new Map<string, JsonObject>();
    let at: Position | null = null;
    for await (const { position, rows: some } of views.scan(view)) {
      at = position;
      for (const [key, row] of some) rows.set(key, row);
    }
    return { rows, position: at };
  };

  const isThere = async (one: Follower | RunningProcess<Instruction>, head: Position): Promise<boolean> => {
    const { state, name, build } = one.progress();
    if (state !== 'standby') return one.reached() !== null && (one.reached() ?? '') >= head;
    const kept = await views.checkpoint({ name, version: build ?? (await activeOf(name)) })();
    return E.isRight(kept) && (kept.right?.position ?? '') >= head;
  };
  const activeOf = async (name: string): Promise<number> => {
    const active = await views.active(name)();
    return E.isRight(active) ? (active.right ?? 0) : 0;
  };

  return {
    names,
    run: (signal) => runLed(leadership, followers, signal),
    progress: () => followers.map((one) => one.progress()),

    catchUp: async (signal) => {
      const head = await store.head();
      if (E.isLeft(head)) return fails('Unreachable', 'the event store cannot be read now');
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const running = runLed(leadership, viewFollowers, either);
      try {
        for (const one of viewFollowers) {
          for (;;) {
            if (head.right === null ? one.progress().state === 'live' : await isThere(one, head.right)) break;
            const { name, state, lastError } = one.progress();
            if (signal.aborted || ['halted', 'superseded', 'stopped'].includes(state)) {
              return fails('NotReached', `${name} is ${state}${lastError === null ? '' : `: ${lastError.problem}`}`);
            }
            await pause(timers, 20, either);
          }
        }
        return E.right(head.right);
      } finally {
        stop.abort();
        await running;
      }
    },

    list: async () => {
      const head = await store.head();
      if (E.isLeft(head)) return fails('Unreachable', 'the event store cannot be read now');
      const listed: StoredProjection[] = [];
      for (const { name, kind, fold } of known) {
        const builds = await buildsOf(views, name)();
        if (E.isLeft(builds)) return unreachable;
        const { all: found, active } = builds.right;
        const behind = (position: Position | null) => (head.right === null ? null : distance(position, head.right));
        listed.push({
          name,
          kind,
          definition: fold.version,
          active: active?.version ?? null,
          builds: found.map((build) => ({ ...build, behind: behind(build.position) })),
        });
      }
      return E.right(listed);
    },

    rebuild: async (name, { signal, onProgress } = {}) => {
      const found = find(name);
      if (E.isLeft(found)) return found;
      if (found.right.kind === 'process') {
        return fails('UnknownProjection', 'name: expected a view; a process manager is never rebuilt beside itself');
      }
      const ending = signal ?? new AbortController().signal;
      const told = onProgress === undefined ? {} : { onProgress };
      const rebuilt = await rebuild(environment, found.right.fold, { signal: ending, batch, onPoison, ...told });
      if (E.isRight(rebuilt)) return rebuilt;
      return rebuilt.left._tag === 'NotRebuilt' ? fails('NotRebuilt', rebuilt.left.problem) : unreachable;
    },

    diff: async (name, one, other) => {
      const first = await findBuild(name, one);
      if (E.isLeft(first)) return first;
      const second = await findBuild(name, other);
      if (E.isLeft(second)) return second;
      try {
        const [a, b] = [await rowsOf(first.right.view), await rowsOf(second.right.view)];
        return E.right({
          one: { version: one, position: a.position },
          other: { version: other, position: b.position },
          differences: diffRows(a.rows, b.rows),
        });
      } catch {
        return unreachable;
      }
    },

    activate: async (name, version) => {
      const found = await findBuild(name, version);
      if (E.isLeft(found)) return found;
      const activated = await views.activate(found.right.view)();
      return E.isLeft(activated) ? unreachable : activated;
    },

    drop: async (name, version) => {
      const found = await findBuild(name, version);
      if (E.isLeft(found)) return found;
      const dropped = await views.drop(found.right.view)();
      return E.isLeft(dropped) ? unreachable : dropped;
    },

    rows: async function* (name, version) {
      const found = await findBuild(name, version);
      if (E.isRight(found)) yield* views.scan(found.right.view);
    },

    parked: {
      list: async (name) => {
        const listed: (ParkedKey & { readonly name: string })[] = [];
        for (const one of name === undefined ? projectionNames : [name]) {
          const found = await findBuild(one);
          if (E.isLeft(found) && found.left._tag === 'UnknownVersion') continue;
          if (E.isLeft(found)) return found;
          try {
            for (const parked of await listParked(views, found.right.view)) listed.push({ name: one, ...parked });
          } catch {
            return unreachable;
          }
        }
        return E.right(listed);
      },
      retry: async (name, key) => {
        const found = await findBuild(name);
        if (E.isLeft(found)) return found;
        return retryParked({ store, views, view: found.right.view }, found.right.fold, key);
      },
      drop: async (name, key) => {
        const found = await findBuild(name);
        return E.isLeft(found) ? found : dropParked({ store, views, view: found.right.view }, key);
      },
    },
    close,
  };
};
