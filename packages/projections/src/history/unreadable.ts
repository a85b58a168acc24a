import type { EventUndecodable, StoreError } from '@mailroom/domain';
import type { ViewPoisoned } from './as-of.ts';

/** Why the history could not be read, in a sentence that holds no value of it. */
export const whyUnreadable = (failure: StoreError | EventUndecodable | ViewPoisoned): string => {
  switch (failure._tag) {
    case 'EventUndecodable':
      return `An event of type ${failure.type} cannot be read (${failure.reason}): ${failure.problems.join('; ')}`;
    case 'ViewPoisoned':
      return `The view ${failure.view} cannot apply the event at ${failure.position}: ${failure.reason}`;
    case 'StoreRefused':
      return `The event store refused to be read: ${failure.problem}`;
    case 'StoreUnavailable':
      return 'The event store cannot be read now.';
  }
};
