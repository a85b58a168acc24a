import { isRejection, type QueryFailure, type Refusal } from '@mailroom/domain';
import type { Either } from 'fp-ts/lib/Either.js';

/** A command or a query was not carried out; `reason` is what it answered, `message` its sentence for people. */
export class NotDone extends Error {
  readonly reason: Refusal | QueryFailure;
  constructor(reason: Refusal | QueryFailure) {
    super(sentenceOf(reason));
    this.name = 'NotDone';
    this.reason = reason;
  }
}

const sentenceOf = (reason: Refusal | QueryFailure): string => {
  if ('problem' in reason) return reason.problem;
  return isRejection(reason) ? reason.text.sentence : `${reason._tag}: try again, or tell the operator.`;
};

/** What was done, or an exception: for hosts and scripts that would rather catch than look at each answer. */
export const orThrow = <Done>(answer: Either<Refusal | QueryFailure, Done>): Done => {
  if (answer._tag === 'Left') throw new NotDone(answer.left);
  return answer.right;
};
