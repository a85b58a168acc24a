import type { Query } from '@mailroom/projections';

/** How long a reader waits for its own write to show. It takes milliseconds, unless something is wrong. */
const patienceMs = 5000;

// #region query-of
/** `?list=active&text=ada&where.channels.incoming.status=failure&atLeast=POSITION`, as a query. */
export const queryOf = (parameters: Readonly<Record<string, string>>): Query => {
  const { list, text, after, limit, atLeast, mailbox } = parameters;
  const where = Object.entries(parameters).filter(([name]) => name.startsWith('where.'));
  return {
    ...(list === undefined ? {} : { list }),
    ...(text === undefined ? {} : { text }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(mailbox === undefined ? {} : { record: { kind: 'mailbox', id: mailbox } }),
    where: Object.fromEntries(where.map(([name, value]) => [name.slice('where.'.length), value])),
    // The answer to a command carries the position to wait for, so that a reader always finds the own write.
    ...(atLeast === undefined ? {} : { atLeast, signal: AbortSignal.timeout(patienceMs) }),
  };
};
// #endregion query-of
