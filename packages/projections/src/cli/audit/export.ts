import { existsSync } from 'node:fs';
import { Audit, type EventStore, type Position, PrincipalId, repository } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { csvHead, csvLine } from '../../history/csv.ts';
import { type HistoryScope, tellHistory } from '../../history/read-history.ts';
import type { HistoryLine } from '../../queries/rows.ts';
import { readInstant } from '../instant.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { historySettings, openHistory } from '../open-history.ts';
import { operatorContext, type OperatorFlags, operatorId, operatorIn } from '../operator.ts';
import { progressBar } from '../progress-bar.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { fileSink, type Sink, standardOutput } from './sink.ts';
import { profileNames, type ScopeFlags, scopeOf } from './scope.ts';

export type ExportFlags = SettingFlags &
  ScopeFlags &
  OperatorFlags & { readonly format: string; readonly out?: string; readonly json?: boolean };

const formats = {
  ndjson: { head: () => '', line: (line: HistoryLine) => `${JSON.stringify(line)}\n` },
  csv: { head: csvHead, line: csvLine },
} as const;
type Format = keyof typeof formats;

const formatOf = (text: string): Format => {
  if (text === 'ndjson' || text === 'csv') return text;
  throw new BadInput(['--format: expected ndjson or csv']);
};

/** The scope of an export, ended where the history stood when it began: the record of the export is not in it. */
const upTo = (scope: HistoryScope, end: Position): HistoryScope => ({
  ...scope,
  isWanted: (recorded) => recorded.position <= end && (scope.isWanted?.(recorded) ?? true),
});

const linesIn = async (
  store: EventStore,
  scope: HistoryScope,
  signal: AbortSignal,
  take: (line: HistoryLine) => Promise<void>,
): Promise<void> => {
  for await (const line of tellHistory(store, scope, await profileNames(store))) {
    if (E.isLeft(line)) throw readTrouble(line.left);
    if (signal.aborted) throw new Trouble('Stopped before the end: the export is not complete.');
    await take(line.right);
  }
};

/** Records the export in every organization whose lines it holds. Nothing is handed out that is not recorded. */
const record = async (
  store: EventStore,
  flags: ExportFlags,
  format: Format,
  counts: ReadonlyMap<string, number>,
): Promise<void> => {
  const repo = repository({ store });
  const actorId = flags.actor === undefined ? E.right(null) : PrincipalId.from(flags.actor);
  for (const [organizationId, lines] of counts) {
    const written = await repo.execute(Audit.aggregate, {
      type: 'RecordAuditExport',
      context: operatorContext(operatorIn(operatorId(flags), organizationId)),
      format,
      lines,
      recordId: flags.mailbox ?? flags.profile ?? null,
      actorId: E.isRight(actorId) ? actorId.right : null,
      since: flags.since === undefined ? null : readInstant('--since', flags.since),
      until: flags.until === undefined ? null : readInstant('--until', flags.until),
    })();
    if (E.isLeft(written)) throw new Trouble('The export cannot be recorded now, so nothing was exported.');
  }
};

/**
 * The trail as a file, a line at a time: NDJSON, or CSV that a spreadsheet does not execute. What was exported, and by
 * whom, is recorded in the history first. Exit code 1: nothing fits.
 */
export const auditExport = async (flags: ExportFlags, io: Io): Promise<ExitCode> => {
  const format = formatOf(flags.format);
  const scope = scopeOf(flags);
  if (flags.out !== undefined && existsSync(flags.out))
    throw new BadInput(['--out: expected a file that is not there yet']);
  if (flags.json === true && flags.out === undefined) throw new BadInput(['--json: expected only together with --out']);
  const { settings } = resolveSettings(flags, io, historySettings);
  const { store, vault, close } = await openHistory(settings);
  let sink: Sink | undefined;
  try {
    if (vault === null) io.error('Without --vault, names and addresses read as [erased].\n');
    const head = await store.head();
    if (E.isLeft(head)) throw readTrouble(head.left);
    const counts = new Map<string, number>();
    const limited = head.right === null ? scope : upTo(scope, head.right);
    await linesIn(store, limited, io.signal, async ({ organizationId }) => {
      counts.set(organizationId, (counts.get(organizationId) ?? 0) + 1);
    });
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) {
      io.error('Nothing in the history fits.\n');
      return 1;
    }
    await record(store, flags, format, counts);

    sink = flags.out === undefined ? standardOutput(io) : fileSink(flags.out);
    const { write } = sink;
    const bar = progressBar(io, 'exporting', total);
    let done = 0;
    const { head: title, line } = formats[format];
    await write(title());
    try {
      await linesIn(store, limited, io.signal, async (told) => {
        await write(line(told));
        done += 1;
        bar.at(done);
      });
    } finally {
      bar.end();
    }
    if (flags.json === true) printJson(io, { file: flags.out, format, lines: total });
    else if (flags.out !== undefined) io.error(`${total} lines were written.\n`);
    return 0;
  } finally {
    await sink?.end();
    await close();
  }
};
