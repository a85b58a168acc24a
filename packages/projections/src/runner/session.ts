import type { DomainEvent, ViewName, ViewStore, ViewUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { buildFor, buildsOf, isSuccessor } from './builds.ts';
import type { Fold } from './definition.ts';
import type { FollowerEnv, FollowerOptions } from './follower-types.ts';
import type { Term } from './leadership.ts';
import { memoryViewStore } from './memory-view-store.ts';

/** What a follower works on until its term ends: a build, and the store that keeps its rows. */
export interface Session {
  readonly views: ViewStore;
  readonly view: ViewName;
  readonly isLeading: boolean;
  /** Once it has caught up, readers go over to it. */
  readonly isSuccessor: boolean;
  readonly ending: AbortSignal;
}

/** A term that nothing ends: of a follower without standby. */
const forEver: Term = { isLeading: true, signal: new AbortController().signal };

/** How a view or process manager is called in a view store. They may have one name; they never share rows. */
export const storedName = (kind: 'view' | 'process', name: string): string =>
  kind === 'view' ? name : `process/${name}`;

export const currentTerm = ({ leadership }: FollowerEnv, name: string): Term => leadership?.term(name) ?? forEver;

/** A copy of the rows as they stand, to fold on in memory without writing anything that others read. */
const copyOf = async (views: ViewStore, view: ViewName): Promise<ViewStore> => {
  const copy = memoryViewStore();
  const opened = await copy.open(view)();
  let checkpoint = E.isRight(opened) ? opened.right : { position: null, fence: 0 };
  for await (const { position, rows } of views.scan(view)) {
    if (position === null) continue;
    const committed = await copy.commit(view, checkpoint, position, new Map(rows))();
    if (E.isRight(committed)) checkpoint = committed.right;
  }
  return copy;
};

/** Finds the build to work on. Throws when a copy cannot be read. */
export const openSession = async <Row, Event extends DomainEvent>(
  { views }: FollowerEnv,
  fold: Fold<Row, Event>,
  { kind, build, observes = false }: Pick<FollowerOptions<Row>, 'kind' | 'build' | 'observes'>,
  { isLeading, signal }: Term,
): Promise<E.Either<ViewUnavailable, Session>> => {
  const name = storedName(kind, fold.name);
  if (build !== undefined) {
    return E.right({ views, view: { name, version: build }, isLeading, isSuccessor: false, ending: signal });
  }
  const builds = await buildsOf(views, name)();
  if (E.isLeft(builds)) return builds;
  const view = buildFor(name, fold.version, builds.right);
  if (isLeading || !observes) {
    return E.right({ views, view, isLeading, isSuccessor: isSuccessor(fold.version, builds.right), ending: signal });
  }
  const isThere = builds.right.all.some(({ version }) => version === view.version);
  const copy = isThere ? await copyOf(views, view) : memoryViewStore();
  return E.right({ views: copy, view, isLeading, isSuccessor: false, ending: signal });
};
