import type { EventStore, RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { profileEvents } from '@mailroom/domain';
import type { HistoryScope } from '../../history/read-history.ts';
import { readInstant } from '../instant.ts';
import { BadInput } from '../io.ts';
import { readTrouble } from '../read-trouble.ts';

/** Which part of the history, as commander hands it over. */
export interface ScopeFlags {
  readonly mailbox?: string;
  readonly profile?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
  readonly organization?: string;
}

/** The record that `--mailbox` or `--profile` names. */
export const recordOf = ({ mailbox, profile }: ScopeFlags): HistoryScope['record'] => {
  if (mailbox !== undefined && profile !== undefined)
    throw new BadInput(['--mailbox, --profile: expected one of them']);
  if (mailbox !== undefined) return { kind: 'mailbox', id: mailbox };
  return profile === undefined ? null : { kind: 'profile', id: profile };
};

/** The lines that the flags ask for. */
export const scopeOf = (flags: ScopeFlags): HistoryScope => {
  const since = flags.since === undefined ? null : readInstant('--since', flags.since);
  const until = flags.until === undefined ? null : readInstant('--until', flags.until);
  const isWanted = ({ recordedAt, metadata }: RecordedEvent): boolean =>
    (since === null || recordedAt >= since) &&
    (until === null || recordedAt < until) &&
    (flags.actor === undefined || metadata.actorId === flags.actor);
  return { organizationId: flags.organization ?? null, record: recordOf(flags), isWanted };
};

/** The names of profiles, by id: the newest of each, and of profiles that are gone their last. */
export const profileNames = async (store: EventStore): Promise<(profileId: string) => string> => {
  const names = new Map<string, string>();
  for await (const batch of store.readAll({ types: ['ProfileCreated', 'ProfileDescribed'] })) {
    if (E.isLeft(batch)) throw readTrouble(batch.left);
    for (const recorded of batch.right) {
      const decoded = profileEvents.decode(recorded);
      if (E.isRight(decoded) && 'name' in decoded.right.data)
        names.set(decoded.right.data.profileId, decoded.right.data.name);
    }
  }
  return (id) => names.get(id) ?? id;
};
