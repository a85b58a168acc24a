import { existsSync } from 'node:fs';
import type { Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { allViews } from '../../host/create-views.ts';
import { isEventStoreDb, loadStore } from '../../host/load-store.ts';
import { loadViews } from '../../host/load-views.ts';
import { findingsOfStore } from '../open-history.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';

export type ListFlags = SettingFlags & { readonly json?: boolean };

export const listSettings = ['store', 'views'] as const;

interface ListedView {
  readonly name: string;
  readonly version: number;
  readonly active: number | null;
  readonly position: Position | null;
  readonly head: Position | null;
  readonly behind: number | null;
}

const inWords = ({ name, version, position, behind, active }: ListedView): string => {
  const state =
    position === null ? 'not built here' : behind === 0 ? 'up to date' : `${behind ?? 'some'} events behind`;
  return `${name.padEnd(14)} version ${version}  ${state}${active === version ? ', active' : ''}\n`;
};

/** Every view, and how far the rows kept in `--views` have come. Takes no fence: a runner is not disturbed. */
export const projectionsList = async (flags: ListFlags, io: Io): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, listSettings);
  const file = settings.views ?? settings.store ?? '';
  const findings = [...findingsOfStore(settings)];
  if (isEventStoreDb(file) || !existsSync(file)) findings.push('--views: expected a file that exists');
  if (findings.length > 0) throw new BadInput(findings);

  const store = await loadStore(settings.store ?? '');
  const { views, close } = await loadViews({ file });
  try {
    const head = await store.store.head();
    if (E.isLeft(head)) throw new Trouble('The event store cannot be read now.');
    const listed: ListedView[] = [];
    for (const { name, version } of Object.values(allViews)) {
      const checkpoint = await views.checkpoint({ name, version })();
      const active = await views.active(name)();
      if (E.isLeft(checkpoint) || E.isLeft(active)) throw new Trouble('The view store cannot be read now.');
      const position = checkpoint.right?.position ?? null;
      const behind = head.right === null ? 0 : (store.distance(position, head.right)?.count ?? null);
      listed.push({ name, version, active: active.right, position, head: head.right, behind });
    }
    if (flags.json === true) printJson(io, { projections: listed });
    else io.out(listed.map(inWords).join(''));
    return 0;
  } finally {
    await close();
    await store.close();
  }
};
