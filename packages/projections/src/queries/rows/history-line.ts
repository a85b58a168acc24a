import type { Text } from '@mailroom/domain';

/** One field that an event changed. null: there was no value, or is none now. */
export interface HistoryChange {
  /** Such as `address` or `channels.incoming.enabled`. */
  readonly field: string;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
}

/** The event that made Mailroom act by itself. */
export interface HistoryCause {
  readonly id: string;
  readonly type: string;
  readonly subject: HistoryLine['subject'];
  readonly subjectId: string;
  readonly at: string;
  readonly actorId: string;
}

/** One line of the audit trail: who, when, by which command, what changed, and why. */
export interface HistoryLine {
  readonly id: string;
  readonly position: string;
  readonly organizationId: string;
  readonly at: string;
  readonly actorId: string;
  readonly actorKind: 'person' | 'system';
  readonly command: string;
  readonly type: string;
  readonly subject: 'mailbox' | 'profile' | 'settings' | 'alerts' | 'testRun' | 'audit' | 'person' | 'account';
  readonly subjectId: string;
  /** What people called the record then; null: it has no name. */
  readonly subjectName: string | null;
  readonly text: Text;
  /** Old and new values of the record's fields. */
  readonly changes: readonly HistoryChange[];
  /** The reason that was recorded with the event; null: it needs none, or none was given. */
  readonly why: Text | null;
  readonly correlationId: string;
  /** Id of the event that an automatic actor answered; of the command itself where a person acted. */
  readonly causationId: string;
  /** The event of `causationId`; null where a person acted, or where it has not been looked up. */
  readonly cause: HistoryCause | null;
}
