import { existsSync } from 'node:fs';
import {
  type DomainEvent,
  eventFamilies,
  type EventStore,
  protectPersonalData,
  type RecordedEvent,
} from '@mailroom/domain';
import type { VaultOptions } from '@mailroom/secret-vault';
import * as E from 'fp-ts/lib/Either.js';
import { replay } from '../history/as-of.ts';
import { type HistoryScope, tellHistory } from '../history/read-history.ts';
import { whyUnreadable } from '../history/unreadable.ts';
import type { HistoryLine } from '../queries/rows.ts';
import type { View } from '../runner/definition.ts';
import { closedCipher } from './closed-cipher.ts';
import { isEventStoreDb, loadStore } from './load-store.ts';
import { loadVault, type MailroomVault } from './load-vault.ts';
import { OpenFailure } from './open-failure.ts';

/** Where the history is, and what opens personal data in it. */
export interface HistoryOptions {
  /** A file (SQLite), an `esdb:` address (EventStoreDB), or a store of the host's own. */
  readonly store: string | EventStore;
  /** Opens personal data; without it names and addresses read as erased. */
  readonly vault?: VaultOptions | MailroomVault;
}

/** The history cannot be read: the store does not answer, or an event is not what its type says. */
export class HistoryUnreadable extends Error {
  override readonly name = 'HistoryUnreadable';
}

/**
 * Everything that ever happened, for reading: of all organizations, for operators and auditors. Nothing runs and
 * nothing is written. What cannot be read is thrown as `HistoryUnreadable`, never left out.
 */
export interface History {
  /** Events in their order, personal data readable where the vault can open it. */
  readonly events: (options?: {
    readonly types?: readonly string[];
    readonly until?: Date;
  }) => AsyncIterable<RecordedEvent>;
  /** The rows of a view, of Mailroom's own (`allViews`) or of yours, as they were at a moment; default: now. */
  readonly fold: <Row, Event extends DomainEvent>(
    view: View<Row, Event>,
    options?: { readonly until?: Date },
  ) => Promise<ReadonlyMap<string, Row>>;
  /** Who did what when, by which command and why, in words, oldest first. */
  readonly lines: (scope?: Partial<HistoryScope>) => AsyncIterable<HistoryLine>;
  readonly close: () => Promise<void>;
}

const rightOf = <Value>(read: E.Either<Parameters<typeof whyUnreadable>[0], Value>): Value => {
  if (E.isLeft(read)) throw new HistoryUnreadable(whyUnreadable(read.left));
  return read.right;
};

/** Opens a history for reading. Rejects with `OpenFailure` when store or vault cannot be opened. */
export const openHistory = async ({ store: place, vault }: HistoryOptions): Promise<History> => {
  if (typeof place === 'string' && !isEventStoreDb(place) && !existsSync(place)) {
    throw new OpenFailure('store', new Error('there is no such file'));
  }
  const opened = vault === undefined ? null : await loadVault(vault);
  const loaded = await loadStore(place).catch(async (error: unknown) => {
    await opened?.close();
    throw error;
  });
  const cipher = opened?.vault ?? closedCipher;
  const store = protectPersonalData({ store: loaded.store, cipher, families: eventFamilies });

  return {
    events: async function* ({ types, until } = {}) {
      for await (const batch of store.readAll(types === undefined ? {} : { types })) {
        for (const recorded of rightOf(batch)) {
          if (until !== undefined && recorded.recordedAt > until) return;
          yield recorded;
        }
      }
    },
    fold: async <Row, Event extends DomainEvent>(view: View<Row, Event>, options: { readonly until?: Date } = {}) => {
      const { rows } = rightOf(await replay(store, [view], options)());
      return rows.get(view.name) as ReadonlyMap<string, Row>;
    },
    lines: async function* ({ organizationId = null, record = null, isWanted } = {}) {
      const scope = { organizationId, record, ...(isWanted === undefined ? {} : { isWanted }) };
      for await (const line of tellHistory(store, scope, (profileId) => profileId)) yield rightOf(line);
    },
    close: async () => {
      await loaded.close();
      await opened?.close();
    },
  };
};
