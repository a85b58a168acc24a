import * as E from 'fp-ts/lib/Either.js';
import { type AnyView, type Replayed, replay } from '../../history/as-of.ts';
import { inStream } from '../../history/in-stream.ts';
import { allViews } from '../../host/create-views.ts';
import { readInstant } from '../instant.ts';
import { BadInput, type ExitCode, type Io, printJson } from '../io.ts';
import { historySettings, openHistory } from '../open-history.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { printRows } from './print-rows.ts';
import { recordOf, type ScopeFlags } from './scope.ts';

export type AsOfFlags = SettingFlags &
  Pick<ScopeFlags, 'mailbox' | 'profile' | 'organization'> & { readonly view?: string; readonly json?: boolean };

const views: readonly AnyView[] = Object.values(allViews);

/** Without being asked for others: what people look at. */
const usual: readonly string[] = ['mailboxes', 'profiles'];

const viewsFor = ({ view, mailbox, profile }: AsOfFlags): readonly AnyView[] => {
  if (view !== undefined) {
    const found = views.filter(({ name }) => name === view);
    if (found.length > 0) return found;
    throw new BadInput([`--view: expected one of ${views.map(({ name }) => name).join(', ')}`]);
  }
  const wanted = mailbox !== undefined ? ['mailboxes'] : profile !== undefined ? ['profiles'] : usual;
  return views.filter(({ name }) => wanted.includes(name));
};

const organizationIn = (row: unknown): unknown => (row as { readonly organizationId?: unknown }).organizationId;

/** The rows that the flags ask for, sorted by key. */
const rowsFor = (
  { rows }: Replayed,
  { mailbox, profile, organization }: AsOfFlags,
): ReadonlyMap<string, readonly (readonly [key: string, row: unknown])[]> => {
  const isWanted = ([key, row]: readonly [string, unknown]): boolean =>
    (organization === undefined || organizationIn(row) === organization) &&
    (mailbox === undefined || key.split('/').includes(mailbox)) &&
    (profile === undefined || key.split('/').includes(profile));
  const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
    one < other ? -1 : 1;
  return new Map([...rows].map(([name, found]) => [name, [...found].filter(isWanted).sort(byKey)]));
};

/**
 * The rows of views as they were at a moment: the same folds as everywhere, over the history up to then. Exit code 1:
 * there was nothing.
 */
export const auditAsOf = async (time: string, flags: AsOfFlags, io: Io): Promise<ExitCode> => {
  const until = readInstant('TIME', time);
  const record = recordOf(flags);
  const wanted = viewsFor(flags);
  const { settings } = resolveSettings(flags, io, historySettings);
  const { store, vault, close } = await openHistory(settings);
  try {
    if (vault === null) io.error('Without --vault, names and addresses read as [erased].\n');
    const isOwnStream = record !== null && flags.view === undefined;
    const source = isOwnStream ? inStream(store, `${record.kind}-${record.id}`) : store;
    const replayed = await replay(source, wanted, { until, signal: io.signal })();
    if (E.isLeft(replayed)) throw readTrouble(replayed.left);
    const found = rowsFor(replayed.right, flags);
    const count = [...found.values()].reduce((sum, rows) => sum + rows.length, 0);
    if (flags.json === true) {
      const { position, recordedAt } = replayed.right;
      const rows = Object.fromEntries([...found].map(([name, pairs]) => [name, pairs.map(([, row]) => row)]));
      printJson(io, {
        asOf: until.toISOString(),
        position,
        lastEventAt: recordedAt?.toISOString() ?? null,
        views: rows,
      });
    } else if (count === 0) io.error(`At ${until.toISOString()} there was nothing of that.\n`);
    else printRows(io, found, record !== null);
    return count === 0 ? 1 : 0;
  } finally {
    await close();
  }
};
