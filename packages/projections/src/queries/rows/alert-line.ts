import type { Text } from '@mailroom/domain';

/** One alert, as it stands on a wall or a record. */
export interface AlertLine {
  /** Names the problem on its object: stable while it recurs. Dismiss by it. */
  readonly alertKey: string;
  readonly organizationId: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly kind: string;
  readonly about: { readonly kind: 'mailbox' | 'profile' | 'system'; readonly id: string; readonly label: string };
  /** Ids of the principals on whose wall it shows. */
  readonly for: readonly string[];
  /** The channel it is about; null: the whole object. */
  readonly channel: 'incoming' | 'outgoing' | null;
  readonly text: Text;
  /** ISO; null: it is not tried again by itself. */
  readonly nextAttemptAt: string | null;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly open: boolean;
}
