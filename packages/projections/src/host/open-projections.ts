import { executor, type Instruction, policies, type Position, repository } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { chainView } from '../history/chain-view.ts';
import { follower } from '../runner/follower.ts';
import type { Follower } from '../runner/follower-types.ts';
import { rebuild } from '../runner/rebuild.ts';
import type { RunningProcess } from '../runner/run-process-manager.ts';
import { storedName } from '../runner/session.ts';
import { pause } from '../runner/timers.ts';
import { administerBuilds, fails, findProjection, storeUnreachable, viewsUnreachable } from './administer-builds.ts';
import { createProcesses } from './create-processes.ts';
import { deploymentOf } from './deployment.ts';
import { knownViews, projectionNames } from './known-projections.ts';
import { loadAlertMail } from './load-alert-mail.ts';
import { isEventStoreDb } from './load-store.ts';
import { loadMailProbe } from './mail-probe.ts';
import { openEnvironment } from './open-environment.ts';
import { OpenFailure } from './open-failure.ts';
import type { Projections, ProjectionsOptions } from './projections.ts';
import { runLed } from './run-led.ts';

const viewNames: readonly string[] = knownViews.map(({ name }) => name);
const alertMailName = storedName('process', policies.alertMail.name);
const isOver = (state: string): boolean => ['halted', 'superseded', 'stopped'].includes(state);

/** Opens projections for a process of their own. Rejects with `OpenFailure` when a part cannot be opened. */
export const openProjections = async (options: ProjectionsOptions): Promise<Projections> => {
  const { onPoison = 'halt', batch = 1000, clock = { now: () => new Date() }, processes } = options;
  // SQLite chains its events itself.
  const chains = options.only === undefined && typeof options.store === 'string' && isEventStoreDb(options.store);
  // Without a mail server alert mails would be given up here; another process may have one.
  const all =
    processes?.alertMail === undefined ? projectionNames.filter((name) => name !== alertMailName) : projectionNames;
  const asked = options.only ?? (processes === undefined ? viewNames : all);
  const names = chains ? [...asked, chainView.name] : asked;
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
  if (chains) {
    viewFollowers.push(follower({ ...environment, store: raw }, chainView, { kind: 'view', onPoison: 'halt', batch }));
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
    ...administerBuilds(environment),
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
      const found = findProjection(name);
      if (E.isLeft(found)) return found;
      if (found.right.kind === 'process') {
        return fails('UnknownProjection', `name: expected a view: ${viewNames.join(', ')}`);
      }
      const told = onProgress === undefined ? {} : { onProgress };
      const rebuilt = await rebuild(environment, found.right.fold, { signal, batch, onPoison, ...told });
      if (E.isRight(rebuilt)) return rebuilt;
      return rebuilt.left._tag === 'NotRebuilt' ? fails('NotRebuilt', rebuilt.left.problem) : viewsUnreachable;
    },
    close,
  };
};
