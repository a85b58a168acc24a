import type { Page, QueryFailure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/**
 * What a query answers now, and again whenever that is something else after `changes`. Changes that come while it is
 * being answered are looked at together. Ends with the changes, or with a failure as its last item.
 */
export const watchQuery = async function* <Row>(
  find: () => Promise<E.Either<QueryFailure, Page<Row>>>,
  changes: () => AsyncIterable<unknown>,
): AsyncGenerator<E.Either<QueryFailure, Page<Row>>, void, undefined> {
  const changed = changes()[Symbol.asyncIterator]();
  try {
    let shown: string | undefined;
    for (;;) {
      const answer = await find();
      if (E.isLeft(answer)) {
        yield answer;
        return;
      }
      const { rows, next, total } = answer.right;
      const content = JSON.stringify([rows, next, total]);
      if (content !== shown) {
        shown = content;
        yield answer;
      }
      if ((await changed.next()).done === true) return;
    }
  } finally {
    await changed.return?.();
  }
};
