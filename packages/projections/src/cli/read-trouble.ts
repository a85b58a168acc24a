import { whyUnreadable } from '../history/unreadable.ts';
import { Trouble } from './io.ts';

/** The history could not be read: our own trouble, in a sentence that holds no value of it. */
export const readTrouble = (failure: Parameters<typeof whyUnreadable>[0]): Trouble =>
  new Trouble(whyUnreadable(failure));
