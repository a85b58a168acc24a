import * as E from 'fp-ts/lib/Either.js';
import * as Mailbox from '../../mailbox/index.ts';
import type { CarryOutFailure } from './environment.ts';

/** Tells a "no" of the mailbox from trouble with store or vault. */
export const isMailboxRejection = (left: Mailbox.Rejection | CarryOutFailure): left is Mailbox.Rejection =>
  Object.hasOwn(Mailbox.rejections, left._tag);

/** A mailbox that turns an instruction down (deactivated, gone) needs it no longer: it is done. */
export const settled = (
  result: E.Either<Mailbox.Rejection | CarryOutFailure, unknown>,
): E.Either<CarryOutFailure, void> =>
  E.isLeft(result) && !isMailboxRejection(result.left) ? E.left(result.left) : E.right(undefined);
