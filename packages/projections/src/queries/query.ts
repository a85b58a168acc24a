import type { Query as PortQuery } from '@mailroom/domain';

export type { Comparable, Page, QueryFailure } from '@mailroom/domain';

/** What to find, as the port says; alerts and history also of one record. */
export interface Query extends PortQuery {
  /** Alerts and history of one record only: for a mailbox, alerts of its profile too. */
  readonly record?: { readonly kind: 'mailbox' | 'profile'; readonly id: string };
}
