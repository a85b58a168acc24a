import type { DeploymentPolicy } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { ConfiguredAlertMail } from '../../configuration/read-alert-mail.ts';
import { placesOf } from '../../configuration/read-process.ts';
import type { ProcessSettings } from '../../configuration/process-settings.ts';
import { OpenFailure, openProjections, type ProjectionFailure, type Projections } from '../../host/index.ts';
import { projectionsOf } from '../../host/known-projections.ts';
import { closedVault } from '../closed-vault.ts';
import { BadInput, Trouble } from '../io.ts';
import { findingsOfStore, findingsOfVault, openVaultOf } from '../open-history.ts';
import { findingsOfViews, viewsIn } from '../views-in.ts';

/** Settings of every subcommand that works on builds of projections. */
export const buildSettings = ['store', 'views', 'vault', 'vaultKey', 'vaultKeyVariable'] as const;

export interface OpenOptions {
  /** Rows are read or written, and what is personal in them with them. */
  readonly needsVault: boolean;
  /** The file of the rows may be made. */
  readonly mayBeNew: boolean;
  readonly deployment?: DeploymentPolicy;
  readonly alertMail?: ConfiguredAlertMail | null;
}

const findingsOf = (settings: ProcessSettings, { needsVault, mayBeNew }: OpenOptions): readonly string[] => {
  const { only, store, vault } = settings;
  const names = projectionsOf(store ?? '').map(({ name }) => name);
  const unknown = (only ?? []).filter((name) => !names.includes(name));
  return [
    ...findingsOfStore(settings),
    ...findingsOfViews(settings, { mayBeNew }),
    ...(needsVault && vault === null
      ? [`${placesOf('vault')}: expected the vault, which seals what is personal in rows`]
      : []),
    ...findingsOfVault(settings),
    ...(unknown.length > 0 ? [`--only: expected some of ${names.join(', ')}`] : []),
  ];
};

const alertMailOf = ({ fallback, ...through }: ConfiguredAlertMail) => ({ through, fallback });

/** Opens projections by the settings. What does not exist is bad input; nothing is created but a new file of rows. */
export const openBuilds = async (settings: ProcessSettings, options: OpenOptions): Promise<Projections> => {
  const findings = findingsOf(settings, options);
  if (findings.length > 0) throw new BadInput(findings);
  const { only, processes, concurrency, onPoison, store } = settings;
  const opened = options.needsVault ? await openVaultOf(settings) : null;
  const runsProcesses = processes === true || (only ?? []).some((name) => name.startsWith('process/'));
  const { deployment, alertMail = null } = options;
  try {
    const projections = await openProjections({
      store: store ?? '',
      views: viewsIn(settings) ?? 'memory',
      vault: opened?.vault ?? closedVault,
      ...(only === null ? {} : { only }),
      ...(onPoison === null ? {} : { onPoison }),
      ...(runsProcesses && deployment !== undefined
        ? {
            processes: {
              deployment,
              ...(concurrency === null ? {} : { concurrency }),
              ...(alertMail === null ? {} : { alertMail: alertMailOf(alertMail) }),
            },
          }
        : {}),
    });
    return {
      ...projections,
      close: async () => {
        await projections.close();
        await opened?.close();
      },
    };
  } catch (error) {
    await opened?.close();
    if (error instanceof OpenFailure && error.part === 'alertMail') {
      throw new BadInput([`process.alertMail: ${error.message}`]);
    }
    throw error;
  }
};

/** What was answered, or why the command ends: a name that is none is the person's input, the rest our own trouble. */
export const orEnd = <Value>(answer: E.Either<ProjectionFailure, Value>): Value => {
  if (E.isRight(answer)) return answer.right;
  const { _tag, problem } = answer.left;
  if (_tag === 'UnknownProjection' || _tag === 'UnknownVersion' || _tag === 'NotParked') {
    throw new BadInput([problem.replace(/^(name|version|key):/, (name) => name.toUpperCase())]);
  }
  throw new Trouble(problem.endsWith('.') ? problem : `${problem}.`);
};
