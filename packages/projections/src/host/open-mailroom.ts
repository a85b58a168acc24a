import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import {
  type CheckActivity,
  createMailroom,
  type DeploymentPolicy,
  executor,
  type MailProbe,
  repository,
} from '@mailroom/domain';
import { createQueries } from '../queries/create-queries.ts';
import { directoryOf } from '../queries/directory.ts';
import type { ViewRows } from '../queries/rows.ts';
import { allLiveViews } from '../queries/views.ts';
import { actingMailroom } from './acting-mailroom.ts';
import { actorOf } from './actor.ts';
import { createProcesses } from './create-processes.ts';
import { createViews } from './create-views.ts';
import { deploymentOf } from './deployment.ts';
import { feed } from './feed.ts';
import { loadAlertMail } from './load-alert-mail.ts';
import { loadMailProbe, loadMailProviders } from './mail-probe.ts';
import { knownProcesses, knownViews } from './known-projections.ts';
import { defaultViews } from './load-views.ts';
import type { Mailroom, MailroomOptions, RowChanged } from './mailroom.ts';
import { openEnvironment } from './open-environment.ts';
import { OpenFailure } from './open-failure.ts';
import { runLed } from './run-led.ts';
import { whenIdle } from './when-idle.ts';

const probeFor = async (deployment: DeploymentPolicy): Promise<MailProbe> => {
  try {
    return await loadMailProbe(deployment);
  } catch (cause) {
    throw new OpenFailure('deployment', cause);
  }
};

/**
 * Opens Mailroom: store, vault, views, policies and mail adapters, put together. It begins at once to fold the history
 * and to carry out what is still owed; nothing is printed, no signal is handled, nothing is global. Rejects with
 * `OpenFailure`, everything closed again, when a part cannot be opened.
 */
export const openMailroom = async (options: MailroomOptions): Promise<Mailroom> => {
  const { runChecks = true, concurrency = 32 } = options;
  const deployment = deploymentOf(options.deployment);
  const clock = options.clock ?? { now: () => new Date() };
  const ids = options.ids ?? { uuid: () => randomUUID() };
  const names = [...knownViews, ...(runChecks ? knownProcesses : [])].map(({ name }) => name);
  const { views: place = defaultViews(options.store) } = options;
  const probe = await probeFor(deployment);
  const parts = await openEnvironment({ ...options, views: place, clock, names }).catch(async (error: unknown) => {
    await probe.close();
    throw error;
  });
  const { environment, vault, timers } = parts;
  const { store, leadership } = environment;
  parts.closeLater(probe.close);

  try {
    const alertMail = await loadAlertMail(options.alertMail, deployment);
    if (alertMail !== null) parts.closeLater(alertMail.close);
    const stop = new AbortController();
    // Every view and process listens to it; that is no leak.
    setMaxListeners(0, stop.signal);
    const activities = feed<CheckActivity>();
    const rowChanges = feed<RowChanged>();
    const settling = feed<null>();
    const settled = (): void => settling.publish(null);

    const repo = repository({ store });
    const views = createViews(environment, {
      onChanged: (view, keys, position) => {
        rowChanges.publish({ view, keys, position });
        settled();
      },
      onState: settled,
      // The states that commands are decided on hold names and addresses too.
      onErased: repo.forget,
    });
    const processes = runChecks
      ? createProcesses(environment, {
          executor: executor({
            repository: repo,
            vault,
            probe,
            ...(options.tokens === undefined ? {} : { tokens: options.tokens }),
            clock,
            deployment,
            checksAtOnce: 2 * concurrency,
            ...(options.testMessagePatienceMs === undefined
              ? {}
              : { testMessagePatienceMs: options.testMessagePatienceMs }),
            onProgress: activities.publish,
            accounts: vault,
            ...(options.onWarning === undefined ? {} : { onWarning: options.onWarning }),
            ...(alertMail === null ? {} : { alertMail: alertMail.ports }),
          }),
          perOrganization: 2 * concurrency,
          observes: true,
          onChange: settled,
        })
      : [];

    const queries = createQueries(views, store, deployment, clock.now);
    const domain = createMailroom<ViewRows>({
      repository: repo,
      store,
      vault,
      addresses: vault,
      persons: vault,
      directory: directoryOf(views.mailboxes),
      providers: await loadMailProviders(),
      queries,
      clock,
      ids,
      deployment,
    });

    const followers = [...allLiveViews(views), ...processes];
    const running = runLed(leadership, followers, stop.signal);
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      stop.abort();
      await running;
      for (const one of [activities, rowChanges, settling]) one.end();
      await parts.close();
    };

    /** The next change of any state; listening begins with the call. */
    const nextChange = async (signal: AbortSignal): Promise<void> => {
      const changes = settling.listen(signal)[Symbol.asyncIterator]();
      await changes.next();
      await changes.return?.();
    };

    return {
      as: (actor, channel) => actingMailroom(actorOf(actor), channel, { domain, store, activities, rowChanges }),
      checks: ({ signal } = {}) => activities.listen(signal),
      changes: ({ view, signal } = {}) =>
        rowChanges.listen(signal, view === undefined ? undefined : (change) => change.view === view),
      progress: () => followers.map(({ progress }) => progress()),
      idle: ({ signal } = {}) =>
        whenIdle(
          { store, views, processes, timers, nextChange },
          signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
        ),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
};
