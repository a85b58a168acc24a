import * as E from 'fp-ts/lib/Either.js';
import pc from 'picocolors';
import { readHistory } from '../history/read-history.ts';
import type { HistoryLine } from '../queries/rows.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from './io.ts';
import { openStore, type StoreFlags } from './open-store.ts';

export interface TrailFlags extends StoreFlags {
  readonly mailbox?: string;
  readonly profile?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly organization?: string;
  readonly json?: boolean;
}

const instantOf = (text: string): string | null => {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

const lineInWords = ({ at, actorId, actorKind, command, text }: HistoryLine): string => {
  const who = actorKind === 'system' ? pc.dim(`${actorId} (automatic)`) : actorId;
  return `${at}  ${who}  ${pc.dim(command)}\n    ${text.sentence}`;
};

/** Who did what when, oldest first, in words. Exit code 1: nothing fits. */
export const auditTrail = async (flags: TrailFlags, io: Io): Promise<ExitCode> => {
  if (flags.mailbox !== undefined && flags.profile !== undefined) {
    throw new BadInput(['--mailbox, --profile: expected one of them']);
  }
  const since = flags.since === undefined ? null : instantOf(flags.since);
  if (flags.since !== undefined && since === null) {
    throw new BadInput(['--since: expected a date or a date-time, such as 2026-01-01 or 2026-01-01T09:00Z']);
  }
  const record =
    flags.mailbox !== undefined
      ? ({ kind: 'mailbox', id: flags.mailbox } as const)
      : flags.profile !== undefined
        ? ({ kind: 'profile', id: flags.profile } as const)
        : null;

  const { store, close } = await openStore(flags);
  try {
    const read = await readHistory(store, { organizationId: flags.organization ?? null, record }, (id) => id)();
    if (E.isLeft(read)) {
      const { left } = read;
      throw new Trouble(
        left._tag === 'EventUndecodable'
          ? `An event of type ${left.type} cannot be read (${left.reason}): ${left.problems.join('; ')}`
          : 'The event store cannot be read now.',
      );
    }
    const lines = read.right.filter(
      ({ at, actorId }) => (since === null || at >= since) && (flags.actor === undefined || actorId === flags.actor),
    );
    if (flags.vault === undefined) io.error('Without --vault, names and addresses read as [erased].\n');
    if (flags.json === true) printJson(io, { lines });
    else io.out(lines.map((line) => `${lineInWords(line)}\n`).join(''));
    if (lines.length === 0 && flags.json !== true) io.error('Nothing in the history fits.\n');
    return lines.length === 0 ? 1 : 0;
  } finally {
    await close();
  }
};
