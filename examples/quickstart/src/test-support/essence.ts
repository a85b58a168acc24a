import type { Document } from './quickstart-process.ts';

/** What has to be the same however a run came about. Times and counts of repeated attempts may differ. */
export const essenceOf = ({ mailboxes, alerts }: Document) => ({
  mailboxes: mailboxes
    .map(({ address, incoming, outgoing }) => ({
      address,
      channels: [incoming, outgoing].map(({ status, enabled, kind }) => ({ status, enabled, kind })),
    }))
    .sort((one, other) => one.address.localeCompare(other.address)),
  alerts: alerts.map(({ severity, kind, about }) => `${severity} ${kind} ${about}`).sort(),
});
