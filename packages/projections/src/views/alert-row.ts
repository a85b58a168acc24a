import type { PersonId } from '@mailroom/domain';

/** One problem on one object, as tests have shown it: what an alert is made of when somebody looks. */
export interface AlertRow {
  readonly subject: 'mailbox' | 'profile' | 'system';
  /** The mailbox, the profile, or the organization. */
  readonly subjectId: string;
  readonly organizationId: string;
  readonly channel: 'incoming' | 'outgoing' | null;
  /** A kind of the taxonomy, or what no failure is behind, such as `TestSucceeded`. Another kind on the same object is another problem. */
  readonly kind: string;
  readonly severity: 'information' | 'warning' | 'error';
  /** Whose data `params` may quote; null: nobody's. */
  readonly personId: PersonId | null;
  /** Parameters of the advice (or of another text), as recorded. */
  readonly params: string;
  readonly nextAttemptAt: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Positions of the first and the newest occurrence: a dismissal before them no longer counts. */
  readonly firstPosition: string;
  readonly lastPosition: string;
  readonly open: boolean;
}

/** `occurrences`: how many the person had seen; 0 when it is not known. */
interface Dismissal {
  readonly position: string;
  readonly occurrences: number;
}

/** What a person took off their wall, by alert key; `all`: everything up to that position. */
export interface DismissalsRow {
  readonly principalId: string;
  readonly organizationId: string;
  readonly all: string | null;
  readonly byKey: Readonly<Record<string, Dismissal>>;
}
