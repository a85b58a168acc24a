import type { ChannelStatus } from '@mailroom/projections';
import type { Outcome } from './outcome.ts';

/** The one document of `--json` (docs/configuration.md). Other programs read it: names and shapes are a contract. */
export const jsonDocument = ({ mailboxes, alerts, people }: Outcome) => ({
  mailboxes: mailboxes.map(({ name, address, approved, channels, missing }) => ({
    address: address ?? name,
    approved,
    incoming: channelDocument(channels.incoming),
    outgoing: channelDocument(channels.outgoing),
    appointments: channelDocument(channels.act),
    missing: missing.map(({ text }) => text.sentence),
  })),
  alerts: alerts.map(({ severity, kind, about, for: readers, text }) => ({
    severity,
    kind,
    about: about.label,
    for: readers.map((id) => people.get(id) ?? id),
    text: text.sentence,
  })),
});

/** Only what there is to say: a channel that works has no kind, one that is not tried again no next attempt. */
const channelDocument = ({
  status,
  enabled,
  kind,
  disposition,
  scope,
  field,
  advice,
  nextAttemptAt,
}: ChannelStatus) => ({
  status,
  enabled,
  ...(nextAttemptAt === null ? {} : { nextAttemptAt }),
  ...(kind === null ? {} : { kind, disposition, scope, field, advice: advice?.sentence ?? null }),
});
