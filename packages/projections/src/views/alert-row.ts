import type { PersonId } from '@mailroom/domain';

/** One problem on one object, as tests have shown it: what an alert is made of when somebody looks. */
export interface AlertRow {
  readonly subject: 'mailbox' | 'profile' | 'system';
  /** The mailbox, the profile, or the organization. */
  readonly subjectId: string;
  readonly organizationId: string;
  readonly channel: 'incoming' | 'outgoing' | null;
  /** A kind of the taxonomy, or `TestSucceeded`. Another kind on the same object is another problem. */
  readonly kind: string;
  readonly severity: 'information' | 'warning' | 'error';
  /** Whose data `params` may quote; null: nobody's. */
  readonly personId: PersonId | null;
  /** Parameters of the advice, as recorded. */
  readonly params: string;
  readonly nextAttemptAt: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Position of the newest occurrence: a dismissal before it no longer counts. */
  readonly lastPosition: string;
  readonly open: boolean;
}

/** What a person took off their wall, by alert key; `all`: everything up to that position. */
export interface DismissalsRow {
  readonly principalId: string;
  readonly organizationId: string;
  readonly all: string | null;
  readonly byKey: Readonly<Record<string, string>>;
}
