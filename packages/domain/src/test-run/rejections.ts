import { type RejectionOf, rejectionsOf } from '../kernel/rejection.ts';

/** Every way in which a command on a test run is turned down. */
export const rejections = rejectionsOf({
  TestRunNotFound: 'There is no test run {runId}. Choose another one.',
  TestRunTooLarge: '{mailboxes} mailboxes are too many for one test run. Choose at most {limit} at a time.',
  TestRunWithoutMailboxes: 'There is nothing to test: no mailbox was chosen. Choose at least one.',
});

export type Rejection = RejectionOf<typeof rejections>;
