import {
  alertEvents,
  type AlertEvent,
  type EventFamily,
  eventFamily,
  type EventUndecodable,
  type MailboxEvent,
  mailboxEvents,
  type ProfileEvent,
  profileEvents,
  type RecordedEvent,
  type SettingsEvent,
  settingsEvents,
  type TestRunEvent,
  testRunEvents,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { HistoryLine } from '../queries/rows.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import { mailboxesView } from '../views/mailboxes.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import { profilesView } from '../views/profiles.ts';
import { describe } from './describe.ts';

type Told = MailboxEvent | ProfileEvent | SettingsEvent | TestRunEvent | AlertEvent;

const told = eventFamily([
  ...profileEvents.definitions,
  ...settingsEvents.definitions,
  ...mailboxEvents.definitions,
  ...testRunEvents.definitions,
  ...alertEvents.definitions,
]) as unknown as EventFamily<Told>;

/** The event types that the audit trail tells of. */
export const historyTypes: readonly string[] = told.types;

const subjects = { mailbox: 'mailbox', profile: 'profile', settings: 'settings', alerts: 'alerts' } as const;
const subjectOf = (recorded: RecordedEvent): { subject: HistoryLine['subject']; subjectId: string } => {
  const dash = recorded.stream.indexOf('-');
  const category = recorded.stream.slice(0, dash);
  const known = category in subjects ? subjects[category as keyof typeof subjects] : 'testRun';
  return { subject: known, subjectId: recorded.stream.slice(dash + 1) };
};

/**
 * Tells events in words, in their order. Feed it every event of a subject from the first one, or the sentences cannot
 * say what was before. An unknown type gives null; so does an unreadable event, which the caller has to report.
 */
export const historian = (profileName: (profileId: string) => string) => {
  const mailboxes = new Map<string, MailboxRow>();
  const profiles = new Map<string, ProfileRow>();

  return (recorded: RecordedEvent): E.Either<EventUndecodable, HistoryLine | null> => {
    const decoded = told.decode(recorded);
    if (E.isLeft(decoded)) return decoded.left.reason === 'unknown' ? E.right(null) : decoded;
    const event = decoded.right;
    const { subject, subjectId } = subjectOf(recorded);
    const text = describe(event, {
      mailbox: mailboxes.get(subjectId),
      profile: profiles.get(subjectId),
      profileName: (id) => profiles.get(id)?.name ?? profileName(id),
    });
    remember(mailboxes, mailboxesView, event, recorded, subjectId);
    remember(profiles, profilesView, event, recorded, subjectId);
    const { metadata, id, position, type, recordedAt } = recorded;
    return E.right({
      id,
      position,
      organizationId: metadata.organizationId,
      at: recordedAt.toISOString(),
      actorId: metadata.actorId,
      actorKind: metadata.actorKind,
      command: metadata.command,
      type,
      subject,
      subjectId,
      text,
      correlationId: metadata.correlationId,
      causationId: metadata.causationId,
    });
  };
};

interface Remembered<Row, Event> {
  readonly events: { readonly types: readonly string[] };
  readonly evolve: (row: Row | undefined, event: Event, key: string, recorded: RecordedEvent) => Row | undefined;
}

const remember = <Row, Event extends Told>(
  rows: Map<string, Row>,
  view: Remembered<Row, Event>,
  event: Told,
  recorded: RecordedEvent,
  key: string,
): void => {
  if (!view.events.types.includes(event.type)) return;
  const next = view.evolve(rows.get(key), event as Event, key, recorded);
  if (next === undefined) rows.delete(key);
  else rows.set(key, next);
};
