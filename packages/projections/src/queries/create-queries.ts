import { type Actor, type DeploymentPolicy, type EventStore, missing, type Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { readHistory } from '../history/read-history.ts';
import { whyUnreadable } from '../history/unreadable.ts';
import { alertsOnRecord, type AlertSources, wallOf } from './alert-lines.ts';
import { failuresOf } from './failures.ts';
import { isApprovalRequired, missingFactsOf } from './missing-facts.ts';
import { isAlertList, mailboxLists, profileLists } from './lists.ts';
import type { NotReached } from '../runner/waiting-list.ts';
import { pageOf, type Shape } from './page-of.ts';
import type { Page, Query, QueryFailure } from './query.ts';
import type { AlertLine, HistoryLine, MailboxStatus, ProfileStatus, QueryableView, ViewRows } from './rows.ts';
import { mailboxStatus, profileStatus } from './statuses.ts';
import { allLiveViews, type QueryViews, settingsOf, sourcesOf } from './views.ts';
import { refusalOf } from './refusals.ts';
import { seesMailbox, seesProfile, seesTestRun } from './who-sees.ts';

/** Finds rows that the actor may see. What belongs to another organization does not exist. */
export interface MailroomQueries {
  readonly find: <View extends QueryableView>(
    view: View,
    actor: Actor,
    query: Query,
  ) => Promise<E.Either<QueryFailure, Page<ViewRows[View]>>>;
}

const shapes: { readonly [View in QueryableView]: Shape<ViewRows[View]> } = {
  mailboxes: {
    key: ({ mailboxId }) => mailboxId,
    texts: ({ name, address, userName, profileName }) => [name, address, userName, profileName],
    sort: { by: 'name' },
  },
  profiles: {
    key: ({ profileId }) => profileId,
    texts: ({ name, description, incoming, outgoing }) => [
      name,
      description,
      incoming?.host ?? null,
      outgoing?.host ?? null,
    ],
    sort: { by: 'name' },
  },
  settings: { key: ({ organizationId }) => organizationId, texts: () => [], sort: { by: 'organizationId' } },
  testRuns: {
    key: ({ runId }) => runId,
    texts: ({ requestedBy, stage }) => [requestedBy, stage],
    sort: { by: 'requestedAt', descending: true },
  },
  alerts: {
    key: ({ alertKey }) => alertKey,
    texts: ({ text, about, kind }) => [text.sentence, about.label, kind],
    sort: { by: 'lastAt', descending: true },
  },
  failures: {
    key: ({ failureKey }) => failureKey,
    texts: ({ kind, profileName, endpoint }) => [kind, profileName, endpoint?.host ?? null],
    sort: { by: 'mailboxes', descending: true },
  },
  history: {
    key: ({ position }) => position,
    texts: ({ text, actorId, command, type }) => [text.sentence, actorId, command, type],
    sort: { by: 'position' },
  },
};

const invalid = (problem: string): E.Either<QueryFailure, never> => E.left({ _tag: 'InvalidQuery', problem });

/** Answers from live views, and the history from the events themselves. */
export const createQueries = (
  views: QueryViews,
  store: EventStore,
  deployment: DeploymentPolicy,
  now: () => Date = () => new Date(),
): MailroomQueries => {
  const sources = (): AlertSources =>
    sourcesOf(views, new Date(now().getTime() - deployment.alertRetentionDays * 86_400_000));

  const mailboxesFor = (actor: Actor, query: Query): readonly MailboxStatus[] | null => {
    const fits = mailboxLists[query.list ?? 'all'];
    if (fits === undefined) return null;
    const settings = settingsOf(views, actor.organizationId);
    const statuses: MailboxStatus[] = [];
    for (const row of views.mailboxes.rows.values()) {
      if (!seesMailbox(actor, row)) continue;
      const profile = row.profileId === null ? null : (views.profiles.rows.get(row.profileId) ?? null);
      const approvalRequired = isApprovalRequired(row, settings);
      const found = missing(missingFactsOf(row, profile, settings, deployment));
      const status = mailboxStatus(row, { profile, approvalRequired, missing: found });
      if (fits(status, actor)) statuses.push(status);
    }
    return statuses;
  };

  const profilesFor = (actor: Actor, query: Query, sources: AlertSources): readonly ProfileStatus[] | null => {
    const fits = profileLists[query.list ?? 'all'];
    if (fits === undefined) return null;
    return [...views.profiles.rows.values()]
      .filter((row) => seesProfile(actor, row))
      .map((row) => profileStatus(row, sources.mailboxesOn(row.profileId)))
      .filter(fits);
  };

  const seesRecord = (actor: Actor, { kind, id }: NonNullable<Query['record']>): boolean => {
    const mailbox = kind === 'mailbox' ? views.mailboxes.rows.get(id) : undefined;
    const profile = kind === 'profile' ? views.profiles.rows.get(id) : undefined;
    return mailbox !== undefined
      ? seesMailbox(actor, mailbox)
      : profile !== undefined
        ? seesProfile(actor, profile)
        : // A record that is gone has a history still: for those who may read all of it.
          actor.privileges.includes('audit.read');
  };

  const alertsFor = (actor: Actor, query: Query, sources: AlertSources): readonly AlertLine[] | null => {
    const { record, list = 'mine' } = query;
    if (!isAlertList(list)) return null;
    if (record === undefined) return wallOf(views.alerts.rows, actor, list, sources);
    return seesRecord(actor, record) ? alertsOnRecord(views.alerts.rows, actor, record, sources) : [];
  };

  const historyFor = async (
    actor: Actor,
    { record }: Query,
  ): Promise<E.Either<QueryFailure, readonly HistoryLine[]>> => {
    if (record !== undefined && !seesRecord(actor, record)) return E.right([]);
    const profileName = (id: string): string => views.profiles.rows.get(id)?.name ?? id;
    const scope = { organizationId: actor.organizationId, record: record ?? null };
    const lines = await readHistory(store, scope, profileName)();
    return E.isRight(lines) ? lines : E.left({ _tag: 'NotReached', problem: whyUnreadable(lines.left) });
  };

  const rowsOf = async (
    actor: Actor,
    view: QueryableView,
    query: Query,
  ): Promise<E.Either<QueryFailure, readonly unknown[]>> => {
    const unknownList = invalid(`list: the view ${view} has no such list`);
    switch (view) {
      case 'mailboxes':
        return rightUnlessNull(mailboxesFor(actor, query), unknownList);
      case 'profiles':
        return rightUnlessNull(profilesFor(actor, query, sources()), unknownList);
      case 'alerts':
        return rightUnlessNull(alertsFor(actor, query, sources()), unknownList);
      case 'settings':
        return E.right([settingsOf(views, actor.organizationId)]);
      case 'testRuns':
        return E.right([...views.testRuns.rows.values()].filter((row) => seesTestRun(actor, row)));
      case 'failures': {
        const seen = [...views.mailboxes.rows.values()].filter((row) => seesMailbox(actor, row));
        return E.right(failuresOf(seen, (id) => views.profiles.rows.get(id)));
      }
      case 'history':
        return historyFor(actor, query);
    }
  };

  const reached = (): Position | null => {
    const all = allLiveViews(views).map((view) => view.reached());
    return all.reduce<Position | null>(
      (least, one) => (one === null || least === null || one < least ? one : least),
      all[0] ?? null,
    );
  };

  let hasOpened = false;
  /** Rows may be folded from the start when Mailroom opens: a query in the meantime would tell of half a history. */
  const opened = async (signal: AbortSignal | undefined): Promise<void> => {
    if (hasOpened) return;
    const head = await store.head();
    // Of a store that is away nothing can be awaited: rows that are kept can still be told.
    if (E.isLeft(head)) return;
    for (const one of head.right === null ? [] : allLiveViews(views)) {
      const waited = await one.whenReached(head.right as Position, signal)();
      // A view that has stopped for good has what it has.
      if (E.isLeft(waited) && signal?.aborted === true) return;
    }
    hasOpened = true;
  };

  return {
    find: async <View extends QueryableView>(view: View, actor: Actor, query: Query) => {
      const refused = refusalOf(view, actor, query);
      if (refused !== null) return E.left(refused);
      await opened(query.signal);
      if (query.atLeast !== undefined && query.atLeast !== null) {
        for (const one of allLiveViews(views)) {
          const waited = await one.whenReached(query.atLeast as Position, query.signal)();
          if (E.isLeft(waited)) return E.left(notReached(waited.left));
        }
      }
      const rows = await rowsOf(actor, view, query);
      if (E.isLeft(rows)) return rows;
      const shape = shapes[view] as unknown as Shape<ViewRows[View]>;
      const page = pageOf(rows.right as readonly ViewRows[View][], query, shape);
      return '_tag' in page ? E.left(page) : E.right({ ...page, position: reached() });
    },
  };
};

const notReached = ({ name, state }: NotReached): QueryFailure => ({
  _tag: 'NotReached',
  problem:
    state === 'aborted'
      ? 'atLeast: this position was not reached in the time given'
      : `the view ${name} is ${state}; see progress()`,
});

const rightUnlessNull = <Row>(
  rows: readonly Row[] | null,
  otherwise: E.Either<QueryFailure, never>,
): E.Either<QueryFailure, readonly Row[]> => (rows === null ? otherwise : E.right(rows));
