import type {
  Actor,
  CheckActivity,
  EventStore,
  Mailroom as DomainMailroom,
  Query as PortQuery,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Query } from '../queries/query.ts';
import type { QueryableView, ViewRows } from '../queries/rows.ts';
import type { Feed } from './feed.ts';
import type { ActingMailroom, Channel, RowChanged } from './mailroom.ts';
import { visibleChecks } from './visible-checks.ts';
import { watchQuery } from './watch-query.ts';

/** What an open Mailroom lends to whoever acts. */
export interface Lent {
  readonly domain: DomainMailroom<ViewRows>;
  readonly store: Pick<EventStore, 'head'>;
  readonly activities: Feed<CheckActivity>;
  readonly rowChanges: Feed<RowChanged>;
}

/** Commands, queries and live feeds in the name of one actor: each tells only what that actor may see. */
export const actingMailroom = (
  actor: Actor,
  channel: Channel | undefined,
  { domain, store, activities, rowChanges }: Lent,
): ActingMailroom => {
  const acting = domain.as(actor, channel);
  // Positions come over HTTP as text; the port knows them by their own type.
  const find = <View extends QueryableView>(view: View, query: Query = {}) => acting.find(view, query as PortQuery);

  const sees = async (mailboxId: string): Promise<boolean> => {
    // The test may be younger than what the views know of its mailbox.
    const head = await store.head();
    if (E.isLeft(head)) return false;
    const found = await find('mailboxes', { where: { mailboxId }, atLeast: head.right });
    return E.isRight(found) && found.right.rows.length > 0;
  };

  return {
    ...acting,
    find,
    watch: (view, query) =>
      watchQuery(
        () => find(view, query),
        () => rowChanges.listen(query?.signal, undefined, 1),
      ),
    checks: ({ signal } = {}) => visibleChecks(activities.listen(signal), sees),
  };
};
