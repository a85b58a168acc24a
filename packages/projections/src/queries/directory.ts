import type { Directory, DirectoryUnavailable, MailboxId, Position } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { LiveView } from '../views/live-view.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';

/** Which mailboxes there are, from the live rows. */
export const directoryOf = (mailboxes: LiveView<MailboxRow>): Directory => {
  const select = async (
    fits: (row: MailboxRow) => boolean,
    atLeast: Position | null,
  ): Promise<E.Either<DirectoryUnavailable, readonly MailboxId[]>> => {
    if (atLeast !== null) {
      const waited = await mailboxes.whenReached(atLeast)();
      if (E.isLeft(waited)) return E.left({ _tag: 'DirectoryUnavailable', cause: waited.left });
    }
    const found = [...mailboxes.rows.values()].filter(fits);
    // Rows that were read back from a view store come in no order of their own.
    found.sort((a, b) => (a.registeredAt < b.registeredAt ? -1 : a.registeredAt > b.registeredAt ? 1 : 0));
    return E.right(found.map(({ mailboxId }) => mailboxId));
  };

  return {
    mailboxesOfProfile: (profileId, atLeast) => () => select((row) => row.profileId === profileId, atLeast),
    mailboxesOf: (organizationId, atLeast) => () => select((row) => row.organizationId === organizationId, atLeast),
  };
};
