import * as E from 'fp-ts/lib/Either.js';
import { tellHistory } from '../../history/read-history.ts';
import type { HistoryLine } from '../../queries/rows.ts';
import { type ExitCode, type Io, printJson } from '../io.ts';
import { historySettings, openHistory } from '../open-history.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { lineInWords } from './line-in-words.ts';
import { profileNames, type ScopeFlags, scopeOf } from './scope.ts';

export type TrailFlags = SettingFlags & ScopeFlags & { readonly json?: boolean };

/** Who did what when, by which command and why, oldest first. Exit code 1: nothing fits. */
export const auditTrail = async (flags: TrailFlags, io: Io): Promise<ExitCode> => {
  const scope = scopeOf(flags);
  const { settings } = resolveSettings(flags, io, historySettings);
  const { store, vault, close } = await openHistory(settings);
  try {
    if (vault === null) io.error('Without --vault, names and addresses read as [erased].\n');
    const kept: HistoryLine[] = [];
    let count = 0;
    for await (const line of tellHistory(store, scope, await profileNames(store))) {
      if (E.isLeft(line)) throw readTrouble(line.left);
      if (io.signal.aborted) break;
      count += 1;
      if (flags.json === true) kept.push(line.right);
      else io.out(`${lineInWords(line.right)}\n`);
    }
    if (flags.json === true) printJson(io, { lines: kept });
    else if (count === 0) io.error('Nothing in the history fits.\n');
    return count === 0 ? 1 : 0;
  } finally {
    await close();
  }
};
