import type { DomainEvent, ViewName, ViewUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { buildsOf, nextBuild } from './builds.ts';
import type { View } from './definition.ts';
import { follower } from './follower.ts';
import type { FollowerEnv } from './follower-types.ts';
import type { FollowerProgress } from './progress.ts';
import { pause } from './timers.ts';

export interface RebuildOptions {
  readonly signal: AbortSignal;
  readonly batch: number;
  readonly onPoison: 'halt' | 'park';
  /** After every commit, and when it has caught up. */
  readonly onProgress?: (progress: FollowerProgress) => void;
  /** How long to go on after the switch until the leader has gone over; default 10 s. */
  readonly handOverMs?: number;
}

/** A build that readers see now, and the one that they saw before (null: none). */
export interface Rebuilt {
  readonly version: number;
  readonly before: number | null;
  readonly events: number;
}

/** It ended before it had caught up; what was built is gone, and readers see what they saw. */
export interface NotRebuilt {
  readonly _tag: 'NotRebuilt';
  readonly problem: string;
}

/** Milliseconds. */
const betweenTries = 5;

/**
 * Builds a view anew beside the build that readers see, from the first event, while commands go on; then readers switch:
 * as soon as it has come as far as the build that they see, so that nothing they have seen is gone again. The old build stays, and is kept up to date by its leader until the switch. After it this follower goes on until the
 * leader takes the new build over, so that at no time nobody writes it.
 */
export const rebuild = async <Row, Event extends DomainEvent>(
  env: FollowerEnv,
  view: View<Row, Event>,
  { signal, batch, onPoison, onProgress, handOverMs = 10_000 }: RebuildOptions,
): Promise<E.Either<NotRebuilt | ViewUnavailable, Rebuilt>> => {
  const { views, timers } = env;
  const builds = await buildsOf(views, view.name)();
  if (E.isLeft(builds)) return builds;
  const before = builds.right.active?.version ?? null;
  const build: ViewName = { name: view.name, version: nextBuild(view.version, builds.right) };

  const stop = new AbortController();
  let live: () => void = () => undefined;
  const isLive = new Promise<void>((resolve) => (live = resolve));
  const tell = (): void => onProgress?.(loop.progress());
  // Nobody else knows of this build: no leadership, only the fence.
  const { leadership: _, ...alone } = env;
  const loop = follower(alone, view, {
    kind: 'view',
    build: build.version,
    onPoison,
    batch,
    onCommitted: tell,
    onLive: live,
    onState: tell,
  });
  const end = { hasCome: false };
  const running = loop.run(AbortSignal.any([signal, stop.signal])).then(() => {
    end.hasCome = true;
  });
  await Promise.race([isLive, running]);

  // While commands go on, the leader may have seen an event that this follower has not, or the other way round.
  const takeOver = async (): Promise<E.Either<ViewUnavailable, boolean>> => {
    for (;;) {
      const taken: E.Either<ViewUnavailable, boolean> = end.hasCome ? E.right(false) : await views.takeOver(build)();
      if (end.hasCome || E.isLeft(taken) || taken.right) return taken;
      await Promise.race([pause(timers, betweenTries, signal), running]);
    }
  };
  const taken = await takeOver();
  const { lastError, events } = loop.progress();
  if (E.isLeft(taken) || !taken.right) {
    stop.abort();
    await running;
    const dropped = await views.drop(build)();
    if (E.isLeft(taken)) return taken;
    const kept = E.isLeft(dropped) ? `; build ${build.version} could not be removed` : '';
    return E.left({ _tag: 'NotRebuilt', problem: `${lastError?.problem ?? 'it was stopped'}${kept}` });
  }
  // The leader takes the fence, which ends this follower; where nobody leads it ends by itself.
  await Promise.race([running, pause(timers, handOverMs, signal)]);
  stop.abort();
  await running;
  return E.right({ version: build.version, before, events });
};
