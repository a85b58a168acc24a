import type { EventStore, JsonObject, Position, ViewName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { buildsOf } from '../runner/builds.ts';
import { diffRows } from '../runner/diff-rows.ts';
import type { FollowerEnv } from '../runner/follower-types.ts';
import { dropParked, listParked, retryParked } from '../runner/mend-parked.ts';
import type { ParkedKey } from '../runner/progress.ts';
import type { KnownProjection } from './known-projections.ts';
import type { Answer, ProjectionFailure, Projections, StoredProjection } from './projections.ts';

export const fails = (_tag: ProjectionFailure['_tag'], problem: string): E.Either<ProjectionFailure, never> =>
  E.left({ _tag, problem });
export const viewsUnreachable = fails('Unreachable', 'the view store cannot be reached now');
export const storeUnreachable = fails('Unreachable', 'the event store cannot be read now');

export const findProjection = (
  known: readonly KnownProjection[],
  name: string,
): E.Either<ProjectionFailure, KnownProjection> => {
  const found = known.find((one) => one.name === name);
  return found === undefined
    ? fails('UnknownProjection', `name: expected one of ${known.map((one) => one.name).join(', ')}`)
    : E.right(found);
};

type Administration = Pick<Projections, 'list' | 'diff' | 'activate' | 'drop' | 'rows' | 'parked'>;

/** What can be asked of builds of the `known` projections, and done to them, while others run them. */
export const administerBuilds = (
  { store, views, distance }: Pick<FollowerEnv, 'views' | 'distance'> & { readonly store: EventStore },
  known: readonly KnownProjection[],
): Administration => {
  const findBuild = async (name: string, version?: number): Answer<KnownProjection & { readonly view: ViewName }> => {
    const found = findProjection(known, name);
    if (E.isLeft(found)) return found;
    const builds = await buildsOf(views, name)();
    if (E.isLeft(builds)) return viewsUnreachable;
    const wanted = version ?? builds.right.active?.version;
    if (wanted === undefined || !builds.right.all.some((build) => build.version === wanted)) {
      const there = builds.right.all.map((build) => build.version).join(', ');
      return fails('UnknownVersion', `version: expected one of the builds of ${name}: ${there || 'there is none yet'}`);
    }
    return E.right({ ...found.right, view: { name, version: wanted } });
  };

  const rowsOf = async (view: ViewName) => {
    const rows = new Map<string, JsonObject>();
    let position: Position | null = null;
    for await (const some of views.scan(view)) {
      ({ position } = some);
      for (const [key, row] of some.rows) rows.set(key, row);
    }
    return { position, rows };
  };

  return {
    list: async () => {
      const head = await store.head();
      if (E.isLeft(head)) return storeUnreachable;
      const behind = (position: Position | null) => (head.right === null ? null : distance(position, head.right));
      const listed: StoredProjection[] = [];
      for (const { name, kind, fold } of known) {
        const builds = await buildsOf(views, name)();
        if (E.isLeft(builds)) return viewsUnreachable;
        const { all, active } = builds.right;
        listed.push({
          name,
          kind,
          definition: fold.version,
          active: active?.version ?? null,
          builds: all.map((build) => ({ ...build, behind: behind(build.position) })),
        });
      }
      return E.right(listed);
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
        return viewsUnreachable;
      }
    },

    activate: async (name, version) => {
      const found = await findBuild(name, version);
      if (E.isLeft(found)) return found;
      const activated = await views.activate(found.right.view)();
      return E.isLeft(activated) ? viewsUnreachable : activated;
    },

    drop: async (name, version) => {
      const found = await findBuild(name, version);
      if (E.isLeft(found)) return found;
      const dropped = await views.drop(found.right.view)();
      return E.isLeft(dropped) ? viewsUnreachable : dropped;
    },

    rows: async function* (name, version) {
      const found = await findBuild(name, version);
      if (E.isRight(found)) yield* views.scan(found.right.view);
    },

    parked: {
      list: async (name) => {
        const listed: (ParkedKey & { readonly name: string })[] = [];
        for (const one of name === undefined ? known.map((each) => each.name) : [name]) {
          const found = await findBuild(one);
          // Where nothing was built nothing waits.
          if (E.isLeft(found) && found.left._tag === 'UnknownVersion') continue;
          if (E.isLeft(found)) return found;
          try {
            for (const parked of await listParked(views, found.right.view)) listed.push({ name: one, ...parked });
          } catch {
            return viewsUnreachable;
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
  };
};
