import type { PersonalCipher } from '@mailroom/domain';
import * as TE from 'fp-ts/lib/TaskEither.js';

/** Without a vault nothing personal can be read: it shows as erased. */
export const closedCipher: PersonalCipher = {
  prepare: () => TE.right(undefined),
  isPrepared: () => false,
  seal: () => {
    throw new Error('nothing is written here');
  },
  open: () => null,
  erase: () => TE.right(undefined),
};
