import type { EventStore, SecretRef } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { MailboxRow } from '../views/mailbox-row.ts';
import { mailboxesView } from '../views/mailboxes.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import { profilesView } from '../views/profiles.ts';
import { replay, type ReplayFailure } from './as-of.ts';

const keyOf = (id: string, version: number): string => JSON.stringify([id, version]);

/** Which secrets mailboxes and profiles stand on, after the whole history: whatever else a vault holds is left over. */
export const secretsInUse =
  (store: Pick<EventStore, 'readAll'>): TaskEither<ReplayFailure, (ref: SecretRef) => boolean> =>
  async () => {
    const replayed = await replay(store, [mailboxesView, profilesView])();
    if (E.isLeft(replayed)) return replayed;
    const { rows } = replayed.right;
    const inUse = new Set<string>();
    for (const row of (rows.get(mailboxesView.name) ?? new Map()).values()) {
      const { secretId, secretVersion } = row as MailboxRow;
      if (secretId !== null && secretVersion !== null) inUse.add(keyOf(secretId, secretVersion));
    }
    for (const row of (rows.get(profilesView.name) ?? new Map()).values()) {
      const { incomingAccount, outgoingAccount } = row as ProfileRow;
      for (const account of [incomingAccount, outgoingAccount]) {
        if (account !== null) inUse.add(keyOf(account.secretId, account.secretVersion));
      }
    }
    return E.right(({ id, version }) => inUse.has(keyOf(id, version)));
  };
