import type { MailboxRow } from '../views/mailbox-row.ts';

/** The mailboxes of each profile: what a profile shows of its health, and whom its problems reach. */
export const byProfile = (rows: Iterable<MailboxRow>): ReadonlyMap<string, readonly MailboxRow[]> => {
  const found = new Map<string, MailboxRow[]>();
  for (const row of rows) {
    if (row.profileId === null) continue;
    const those = found.get(row.profileId);
    if (those === undefined) found.set(row.profileId, [row]);
    else those.push(row);
  }
  return found;
};
