import type { AlertLine, ChannelStatus, HistoryLine, MailboxStatus } from '@mailroom/projections';

/** What the run ends with: everything that is shown, in whatever form. */
export interface Outcome {
  /** In the order of the configuration. */
  readonly mailboxes: readonly MailboxStatus[];
  /** Open alerts, the gravest first. */
  readonly alerts: readonly AlertLine[];
  /** The history of one mailbox, oldest first. */
  readonly history: readonly HistoryLine[];
  /** Names for the ids of the people on whose walls alerts show. */
  readonly people: ReadonlyMap<string, string>;
}

/** Retries that are still to come, soonest first. */
export const retriesDue = (
  mailboxes: readonly MailboxStatus[],
): readonly { readonly address: string; readonly channel: string; readonly at: string }[] =>
  mailboxes
    .flatMap(({ address, name, channels }) =>
      channelsOf(channels).flatMap(([channel, { nextAttemptAt }]) =>
        nextAttemptAt === null ? [] : [{ address: address ?? name, channel, at: nextAttemptAt }],
      ),
    )
    .sort((one, other) => one.at.localeCompare(other.at));

const channelsOf = (channels: MailboxStatus['channels']): readonly (readonly [string, ChannelStatus])[] => [
  ['incoming', channels.incoming],
  ['outgoing', channels.outgoing],
];
