import * as assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import { type Decider, replay } from '../kernel/decider.ts';

/** What can be said about a decision. Each of them throws when it is not so. */
export interface Expectations<Event, Rejection> {
  readonly thenEvents: (...expected: readonly [Event, ...Event[]]) => void;
  /** It succeeds and changes nothing. */
  readonly thenNothing: () => void;
  /** The whole rejection, or a part of it such as `{ _tag: 'MailboxNotFound' }`. */
  readonly thenRejected: (expected: Partial<Rejection>) => void;
  /** For what cannot be said in one of these ways. */
  readonly decision: E.Either<Rejection, readonly Event[]>;
}

/**
 * Tests of a decider as sentences: given these events, when this command, then those events. Works in any test runner.
 * No method is called plain `then`: an object with such a method is taken for a promise by `await`.
 */
export const specificationOf = <Command, Event, State, Rejection>(
  decider: Decider<Command, Event, State, Rejection>,
) => ({
  given: (...history: readonly Event[]) => ({
    when: (command: Command): Expectations<Event, Rejection> => {
      const decision = decider.decide(command, replay(decider, history));
      return {
        thenEvents: (...expected) => assert.deepEqual(decision, E.right(expected)),
        thenNothing: () => assert.deepEqual(decision, E.right([])),
        thenRejected: (expected) => {
          if (E.isRight(decision)) assert.fail(`expected a rejection, got ${decision.right.length} events`);
          const { left } = decision;
          assertReadable(left);
          const asked = Object.fromEntries(
            Object.keys(expected).map((key) => [key, (left as Readonly<Record<string, unknown>>)[key]]),
          );
          assert.deepEqual(asked, expected);
        },
        decision,
      };
    },
    /** The state after these events. */
    state: (): State => replay(decider, history),
  }),
});

/** Whatever the text of a rejection leaves to be filled in has been filled in. */
const assertReadable = (rejection: unknown): void => {
  const { text } = rejection as { readonly text?: { readonly sentence: string } };
  if (text !== undefined) assert.doesNotMatch(text.sentence, /\{\w+\}/);
};
