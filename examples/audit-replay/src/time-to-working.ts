import { type MailboxEvent, mailboxEvents } from '@mailroom/domain';
import type { View } from '@mailroom/projections';

/** How a mailbox came to work: when it was registered, when its first channel was enabled, what went wrong before. */
export interface TimeToWorking {
  readonly registeredAt: string;
  /** null: no channel has been enabled yet. */
  readonly enabledAt: string | null;
  /** Failures before that, by kind. */
  readonly failures: Readonly<Record<string, number>>;
}

// #region own-view
/** A view of one's own: a pure fold, like those of Mailroom. It can be folded as of any moment, or run live. */
export const timeToWorking: View<TimeToWorking, MailboxEvent> = {
  name: 'timeToWorking',
  version: 1,
  events: mailboxEvents,
  keys: ({ data }) => [data.mailboxId],
  evolve: (row, event, _mailboxId, { recordedAt }) => {
    const at = recordedAt.toISOString();
    if (event.type === 'MailboxRegistered') return { registeredAt: at, enabledAt: null, failures: {} };
    if (row === undefined || row.enabledAt !== null) return row;
    if (event.type === 'ChannelEnabled') return { ...row, enabledAt: at };
    if (event.type !== 'ChannelTestFailed') return row;
    const { kind } = event.data;
    return { ...row, failures: { ...row.failures, [kind]: (row.failures[kind] ?? 0) + 1 } };
  },
};
// #endregion own-view
