import type { ProcessSettings } from '../../configuration/process-settings.ts';
import type { Projections } from '../../host/index.ts';
import { systemTimers } from '../../runner/timers.ts';
import { healthOf } from '../../operations/health.ts';
import { createLog, type Logger } from '../../operations/log.ts';
import { progressLog } from '../../operations/log-progress.ts';
import { metricsOf } from '../../operations/metrics.ts';
import { secretsInAddress } from '../../operations/scrub.ts';
import { operationsServer } from '../../operations/server.ts';
import { observeProgress } from '../../operations/telemetry.ts';
import { watch } from '../../operations/watch.ts';
import { BadInput, type ExitCode, type Io, printJson } from '../io.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { buildSettings, openBuilds, orEnd } from './open.ts';

export type RunFlags = SettingFlags & { readonly once?: boolean; readonly json?: boolean };

export const runSettings = [
  ...buildSettings,
  'only',
  'processes',
  'concurrency',
  'onPoison',
  'listen',
  'staleAfterSeconds',
  'logLevel',
] as const;

const logEveryMs = 1000;

/** What this process has been given and nobody may read in its log. */
const secretsOf = ({ store, views, vaultKeyVariable }: ProcessSettings, { env }: Io): readonly string[] => [
  ...[store, views].flatMap((address) => (address === null ? [] : secretsInAddress(address))),
  ...(vaultKeyVariable === null ? [] : [env[vaultKeyVariable] ?? '']),
];

/** Health, figures and log of running projections, until `end`. */
const operate = async (
  projections: Projections,
  { listen, staleAfterSeconds }: ProcessSettings,
  log: Logger,
): Promise<{ readonly end: () => Promise<void> }> => {
  const { look, run } = watch({ ...projections.watched, timers: systemTimers });
  const health = () => healthOf(look(), (staleAfterSeconds ?? 60) * 1000);
  const server =
    listen === null
      ? null
      : await operationsServer({ listen, look, health, metrics: metricsOf({ look, health }) }).catch(() => {
          throw new BadInput(['--listen: expected an address of this machine whose port is free']);
        });
  if (server !== null) log.info({ url: server.url }, 'serving /health/live, /health/ready and /metrics');
  const stop = new AbortController();
  const watching = run(stop.signal);
  const forget = observeProgress(projections.progress);
  const logChanges = progressLog(log);
  const tell = (): void => logChanges(projections.progress(), health());
  const telling = setInterval(tell, logEveryMs);
  tell();
  return {
    end: async () => {
      clearInterval(telling);
      logChanges(projections.progress(), null);
      forget();
      stop.abort();
      await watching;
      await server?.close();
    },
  };
};

/**
 * Runs views (and processes) until a signal: then they end within five seconds, what was under way is owed again.
 * Exit code 3: they ended by themselves, because none of them can go on.
 */
export const projectionsRun = async (flags: RunFlags, io: Io): Promise<ExitCode> => {
  const { settings, deployment, alertMail } = resolveSettings(flags, io, runSettings);
  const projections = await openBuilds(settings, { needsVault: true, mayBeNew: true, deployment, alertMail });
  const { logLevel } = settings;
  const log = createLog({
    level: logLevel ?? 'info',
    isPretty: io.isTerminal,
    secrets: [
      ...secretsOf(settings, io),
      ...(alertMail?.password === undefined ? [] : [io.env[alertMail.password.env] ?? '']),
    ],
    write: io.error,
  });
  try {
    log.info({ projections: projections.names, once: flags.once === true }, 'projections start');
    const operation = await operate(projections, settings, log);
    let code: ExitCode = 0;
    try {
      if (flags.once === true) orEnd(await projections.catchUp(io.signal));
      else {
        await projections.run(io.signal);
        if (!io.signal.aborted) code = 3;
      }
    } finally {
      await operation.end();
    }
    log[code === 0 ? 'info' : 'error'](code === 0 ? 'projections end' : 'none of the projections can go on');
    if (flags.json === true) printJson(io, { projections: projections.progress() });
    return code;
  } finally {
    await projections.close();
  }
};
