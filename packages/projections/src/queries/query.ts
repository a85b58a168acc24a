import type { Query as PortQuery } from '@mailroom/domain';

export type { Comparable, Page, QueryFailure } from '@mailroom/domain';

/** What to find, as the port says; alerts and history also of one record. */
export interface Query extends Omit<PortQuery, 'atLeast'> {
  /** Alerts and history of one record only: for a mailbox, alerts of its profile too. */
  readonly record?: { readonly kind: 'mailbox' | 'profile'; readonly id: string };
  /** Wait until the view shows everything up to this `position` of a command's outcome, which may have come by HTTP. */
  readonly atLeast?: string | null;
  /** Gives up waiting for `atLeast`: then the answer is `NotReached`. */
  readonly signal?: AbortSignal;
}
