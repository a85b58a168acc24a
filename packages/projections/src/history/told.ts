import {
  alertEvents,
  type AccountEvent,
  accountEvents,
  type AlertEvent,
  type AlertMailEvent,
  alertMailEvents,
  type AuditEvent,
  auditEvents,
  type EventFamily,
  eventFamily,
  type MailboxEvent,
  mailboxEvents,
  type PersonEvent,
  personEvents,
  type ProfileEvent,
  profileEvents,
  type RecordedEvent,
  type SettingsEvent,
  settingsEvents,
  type TestRunEvent,
  testRunEvents,
} from '@mailroom/domain';
import type { HistoryLine } from '../queries/rows.ts';

/** What the audit trail tells of. */
export type Told =
  | MailboxEvent
  | ProfileEvent
  | SettingsEvent
  | TestRunEvent
  | AlertEvent
  | AlertMailEvent
  | AccountEvent
  | AuditEvent
  | PersonEvent;

export const told = eventFamily([
  ...profileEvents.definitions,
  ...settingsEvents.definitions,
  ...mailboxEvents.definitions,
  ...testRunEvents.definitions,
  ...alertEvents.definitions,
  ...accountEvents.definitions,
  ...alertMailEvents.definitions,
  ...auditEvents.definitions,
  ...personEvents.definitions,
]) as unknown as EventFamily<Told>;

const subjects: Readonly<Record<string, HistoryLine['subject']>> = {
  mailbox: 'mailbox',
  profile: 'profile',
  settings: 'settings',
  alerts: 'alerts',
  testRun: 'testRun',
  alertMail: 'profile',
  account: 'account',
  audit: 'audit',
  person: 'person',
};

/** The record that an event is about, from the name of its stream. */
export const subjectOf = ({ stream }: Pick<RecordedEvent, 'stream'>): Pick<HistoryLine, 'subject' | 'subjectId'> => {
  const dash = stream.indexOf('-');
  return { subject: subjects[stream.slice(0, dash)] ?? 'testRun', subjectId: stream.slice(dash + 1) };
};
