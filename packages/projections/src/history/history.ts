import type { EventUndecodable, RecordedEvent } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { HistoryCause, HistoryLine } from '../queries/rows.ts';
import { mailboxesView } from '../views/mailboxes.ts';
import { profilesView } from '../views/profiles.ts';
import { settingsView } from '../views/settings.ts';
import { changesBetween } from './changes.ts';
import { describe } from './describe.ts';
import { reasonIn } from './reasons.ts';
import { memoryOf } from './remember.ts';
import { subjectOf, told } from './told.ts';

/** What the historian cannot know from the events that it is fed. */
export interface Lookups {
  readonly profileName: (profileId: string) => string;
  /** The event that an automatic actor answered. */
  readonly cause: (causationId: string) => HistoryCause | null;
}

/**
 * Tells events in words, in their order. Feed it every event of a subject from the first one, or the sentences cannot
 * say what was before. An unknown type gives null; so does an unreadable event, which the caller has to report.
 */
export const historian = ({ profileName, cause }: Lookups) => {
  const mailboxes = memoryOf(mailboxesView);
  const profiles = memoryOf(profilesView);
  const settings = memoryOf(settingsView);

  return (recorded: RecordedEvent): E.Either<EventUndecodable, HistoryLine | null> => {
    const decoded = told.decode(recorded);
    if (E.isLeft(decoded)) return decoded.left.reason === 'unknown' ? E.right(null) : decoded;
    const event = decoded.right;
    const { subject, subjectId } = subjectOf(recorded);
    const text = describe(event, {
      mailbox: mailboxes.row(subjectId),
      profile: profiles.row(subjectId),
      profileName: (id) => profiles.row(id)?.name ?? profileName(id),
    });
    const changes = [mailboxes, profiles, settings].flatMap((memory) => {
      const [before, after] = memory.take(event, subjectId, recorded);
      return changesBetween(before, after);
    });
    const subjectName = (mailboxes.row(subjectId) ?? profiles.row(subjectId))?.name ?? null;
    const { metadata, id, position, type, recordedAt } = recorded;
    const { organizationId, actorId, actorKind, command, correlationId, causationId } = metadata;
    return E.right({
      id,
      position,
      organizationId,
      at: recordedAt.toISOString(),
      actorId,
      actorKind,
      command,
      type,
      subject,
      subjectId,
      subjectName,
      text,
      changes,
      why: reasonIn(event.data),
      correlationId,
      causationId,
      cause: actorKind === 'system' ? cause(causationId) : null,
    });
  };
};
