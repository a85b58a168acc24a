import { findingsOf, isRejection, type Outcome, type QueryFailure, type Refusal } from '@mailroom/domain';
import type { Page } from '@mailroom/projections';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

// Results are plain objects, `Right` or `Left`, so that a host needs no library to read them.
type Either<Wrong, Good> =
  { readonly _tag: 'Left'; readonly left: Wrong } | { readonly _tag: 'Right'; readonly right: Good };

const statusOf = (tag: string): ContentfulStatusCode => {
  if (tag === 'PrivilegeMissing') return 403;
  return tag.endsWith('NotFound') ? 404 : 422;
};

// #region answer
/** A command's outcome, or the domain's "no" with everything that was wrong, or trouble that is not the caller's. */
export const answer = (c: Context, done: Either<Refusal, Outcome<unknown>>): Response => {
  if (done._tag === 'Right') return c.json(done.right);
  if (isRejection(done.left)) {
    const findings = findingsOf(done.left).map(({ _tag, field, text }) => ({ rule: _tag, field, text: text.sentence }));
    return c.json({ rejected: findings }, statusOf(done.left._tag));
  }
  // The world failed, not the caller. The details are for the operator's log, not for the answer.
  return c.json({ failed: done.left._tag }, 503, { 'retry-after': '5' });
};
// #endregion answer

/** A page of rows, or why there is none. */
export const page = (c: Context, found: Either<QueryFailure, Page<unknown>>): Response => {
  if (found._tag === 'Right') return c.json(found.right);
  const { _tag, problem } = found.left;
  if (_tag === 'PrivilegeMissing') return c.json({ refused: problem }, 403);
  return c.json({ failed: problem }, _tag === 'InvalidQuery' ? 400 : 503);
};
