import type { StoredVersion, ViewName, ViewStore, ViewUnavailable } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** The builds of a projection that a store keeps, and which one readers see. */
export interface Builds {
  readonly all: readonly StoredVersion[];
  readonly active: StoredVersion | null;
}

export const buildsOf =
  (views: Pick<ViewStore, 'versions' | 'active'>, name: string): TaskEither<ViewUnavailable, Builds> =>
  async () => {
    const all = await views.versions(name)();
    if (E.isLeft(all)) return all;
    const active = await views.active(name)();
    if (E.isLeft(active)) return active;
    return E.right({ all: all.right, active: all.right.find(({ version }) => version === active.right) ?? null });
  };

/** A number that no build has yet. */
export const nextBuild = (definition: number, { all }: Builds): number =>
  all.reduce((next, { version }) => Math.max(next, version + 1), definition);

/** The build that code of this definition works on: the active one, else its newest, else a new one beside those of others. */
export const buildFor = (name: string, definition: number, builds: Builds): ViewName => {
  const { all, active } = builds;
  const own = active?.definition === definition ? active : all.filter((one) => one.definition === definition).at(-1);
  return { name, version: own?.version ?? nextBuild(definition, builds) };
};

/** Readers go over to it by themselves when nothing is active, or what is active comes from an older definition. */
export const isSuccessor = (definition: number, { active }: Builds): boolean =>
  active === null || active.definition < definition;
