import { type RejectionOf, rejectionsOf } from '../kernel/rejection.ts';

/** The one way to be refused an address. It does not name the other mailbox: the actor may not be allowed to see it. */
export const reject = rejectionsOf({
  AddressTaken:
    'Another mailbox of this organization has this address. Give a different one, or change the other first.',
});

export type Rejection = RejectionOf<typeof reject>;
