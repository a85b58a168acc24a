import type { EventUndecodable, StoreError } from '@mailroom/domain';
import type { ViewPoisoned } from '../history/as-of.ts';
import { Trouble } from './io.ts';

/** Why the history could not be read, in a sentence that holds no value of it. */
export const readTrouble = (failure: StoreError | EventUndecodable | ViewPoisoned): Trouble => {
  if (failure._tag === 'EventUndecodable') {
    const { type, reason, problems } = failure;
    return new Trouble(`An event of type ${type} cannot be read (${reason}): ${problems.join('; ')}`);
  }
  if (failure._tag === 'ViewPoisoned') {
    return new Trouble(`The view ${failure.view} cannot apply the event at ${failure.position}: ${failure.reason}`);
  }
  if (failure._tag === 'StoreRefused') return new Trouble(`The event store refused to be read: ${failure.problem}`);
  return new Trouble('The event store cannot be read now.');
};
