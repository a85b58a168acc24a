import { allViews, type History } from '@mailroom/projections/host';
import type { HistoryLine } from '@mailroom/projections';
import { timeToWorking } from './time-to-working.ts';

/** A mailbox as it stood at some moment. */
export interface Standing {
  readonly mailboxId: string;
  readonly name: string;
  readonly approval: string;
  readonly incoming: string;
  readonly outgoing: string;
}

// #region as-of
/** What did the mailboxes look like then? */
export const standingAt = async (history: History, until: Date): Promise<readonly Standing[]> => {
  const rows = await history.fold(allViews.mailboxes, { until });
  return [...rows.values()].map(({ mailboxId, name, approval, channels }) => ({
    mailboxId,
    name,
    approval,
    incoming: channels.incoming.status,
    outgoing: channels.outgoing.status,
  }));
};
// #endregion as-of

// #region who
/** Who did what to this mailbox, by which command and why, up to then. */
export const linesUntil = async (history: History, mailboxId: string, until: Date): Promise<readonly HistoryLine[]> => {
  const lines: HistoryLine[] = [];
  for await (const line of history.lines({ record: { kind: 'mailbox', id: mailboxId } })) {
    if (new Date(line.at) <= until) lines.push(line);
  }
  return lines;
};
// #endregion who

/** A question that Mailroom never thought of: how many seconds did each mailbox take to work, and what was in the way? */
export const secondsToWorking = async (
  history: History,
): Promise<ReadonlyMap<string, { readonly seconds: number | null; readonly failures: readonly string[] }>> => {
  const rows = await history.fold(timeToWorking);
  return new Map(
    [...rows].map(([mailboxId, { registeredAt, enabledAt, failures }]) => [
      mailboxId,
      {
        seconds: enabledAt === null ? null : (Date.parse(enabledAt) - Date.parse(registeredAt)) / 1000,
        failures: Object.entries(failures).map(([kind, count]) => (count > 1 ? `${kind} (${count} times)` : kind)),
      },
    ]),
  );
};

/** The moments at which something happened, each once, oldest first. */
export const momentsOf = async (history: History): Promise<readonly Date[]> => {
  const moments = new Set<number>();
  for await (const { recordedAt } of history.events()) moments.add(recordedAt.getTime());
  return [...moments].map((moment) => new Date(moment));
};
