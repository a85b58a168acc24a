import { executor, type Instruction, policies, type Position, repository } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { follower } from '../runner/follower.ts';
import type { Follower } from '../runner/follower-types.ts';
import { rebuild } from '../runner/rebuild.ts';
import type { RunningProcess } from '../runner/run-process-manager.ts';
import { storedName } from '../runner/session.ts';
import { pause } from '../runner/timers.ts';
import { administerBuilds, fails, findProjection, storeUnreachable, viewsUnreachable } from './administer-builds.ts';
import { createProcesses } from './create-processes.ts';
import { deploymentOf } from './deployment.ts';
import { chainProjection, type KnownProjection, knownViews, projectionsOf } from './known-projections.ts';
import { loadAlertMail } from './load-alert-mail.ts';
import { loadMailProbe } from './mail-probe.ts';
import { openEnvironment } from './open-environment.ts';
import { OpenFailure } from './open-failure.ts';
import type { Projections, ProjectionsOptions } from './projections.ts';
import { runLed } from './run-led.ts';

const alertMailName = storedName('process', policies.alertMail.name);
const isOver = (state: string): boolean => ['halted', 'superseded', 'stopped'].includes(state);

/** Opens projections for a process of their own. Rejects with `OpenFailure` when a part cannot be opened. */
export const openProjections = async (options: ProjectionsOptions): Promise<Projections> => {
  const { onPoison = 'halt', batch = 1000, clock = { now: () => new Date() }, processes } = options;
  const known = projectionsOf(options.store);
  const isRunByDefault = ({ name, kind }: KnownProjection): boolean =>
    kind === 'view' ||
    // Without a mail server alert mails would be given up here; another process may have one.
    (processes !== undefined && (processes.alertMail !== undefined || name !== alertMailName));
  const names = options.only ?? known.filter(isRunByDefault).map(({ name }) => name);
  const { environment, raw, vault, timers, close, closeLater } = await openEnvironment({ ...options, clock, names });
  const { store, views, leadership } = environment;

  /** The policies that were asked for, on the executor. */
  const openProcesses = async (): Promise<readonly RunningProcess<Instruction>[]> => {
    if (processes === undefined) return [];
    const deployment = deploymentOf(processes.deployment);
    const probe = await loadMailProbe(deployment).catch((cause: unknown) => {
      throw new OpenFailure('deployment', cause);
    });
    closeLater(probe.close);
    const alertMail = await loadAlertMail(processes.alertMail, deployment);
    if (alertMail !== null) closeLater(alertMail.close);
    const atOnce = 2 * (processes.concurrency ?? 32);
    const repo = repository({ store });
    const carriesOut = executor({
      repository: repo,
      vault,
      probe,
      clock,
      deployment,
      checksAtOnce: atOnce,
      ...(alertMail === null ? {} : { alertMail: alertMail.ports }),
    });
    const all = createProcesses(environment, {
      executor: carriesOut,
      perOrganization: atOnce,
      observes: false,
      onChange: () => undefined,
    });
    return all.filter(({ progress }) => names.includes(storedName('process', progress().name)));
  };

  const viewFollowers: Follower[] = knownViews
    .filter(({ name }) => names.includes(name))
    .map(({ fold }) => follower(environment, fold, { kind: 'view', onPoison, batch }));
  if (known.includes(chainProjection) && names.includes(chainProjection.name)) {
    const asStored = { ...environment, store: raw };
    viewFollowers.push(follower(asStored, chainProjection.fold, { kind: 'view', onPoison: 'halt', batch }));
  }
  const followers: readonly Pick<Follower, 'run' | 'progress' | 'whenReached'>[] = await openProcesses().then(
    (opened) => [...viewFollowers, ...opened],
    async (error: unknown) => {
      await close();
      throw error;
    },
  );

  /** Whether the rows that are kept hold everything up to the head, whoever has put it there. */
  const isThere = async (one: Follower, head: Position): Promise<boolean> => {
    const { state, name } = one.progress();
    if (state !== 'standby') return (one.reached() ?? '') >= head;
    const active = await views.active(name)();
    if (E.isLeft(active) || active.right === null) return false;
    const kept = await views.checkpoint({ name, version: active.right })();
    return E.isRight(kept) && (kept.right?.position ?? '') >= head;
  };

  return {
    ...administerBuilds(environment, known),
    names,
    run: (signal) => runLed(leadership, followers, signal),
    progress: () => followers.map((one) => one.progress()),
    watched: { followers, store },

    catchUp: async (signal) => {
      const head = await store.head();
      if (E.isLeft(head)) return storeUnreachable;
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const running = runLed(leadership, viewFollowers, either);
      try {
        for (const one of viewFollowers) {
          while (!(head.right === null ? one.progress().state === 'live' : await isThere(one, head.right))) {
            const { name, state, lastError } = one.progress();
            if (signal.aborted || isOver(state)) {
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

    rebuild: async (name, { signal = new AbortController().signal, onProgress } = {}) => {
      const found = findProjection(known, name);
      if (E.isLeft(found)) return found;
      // The chain vouches for the history as it was written: made anew it would vouch for what is there now.
      if (!knownViews.includes(found.right)) {
        return fails('UnknownProjection', `name: expected a view: ${knownViews.map((view) => view.name).join(', ')}`);
      }
      const told = onProgress === undefined ? {} : { onProgress };
      const rebuilt = await rebuild(environment, found.right.fold, { signal, batch, onPoison, ...told });
      if (E.isRight(rebuilt)) return rebuilt;
      return rebuilt.left._tag === 'NotRebuilt' ? fails('NotRebuilt', rebuilt.left.problem) : viewsUnreachable;
    },
    close,
  };
};
