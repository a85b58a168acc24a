/** What fails in the same way at the same server, whatever mailboxes it hits. */
export interface FailureGroup {
  /** Names the group; stable while anything of it fails. */
  readonly failureKey: string;
  readonly organizationId: string;
  /** null: the mailboxes are on no profile any more. */
  readonly profileId: string | null;
  readonly profileName: string | null;
  readonly channel: 'incoming' | 'outgoing' | 'act';
  /** The server, with the port in effect; null: the profile has none for this channel. */
  readonly endpoint: {
    readonly protocol: 'imap' | 'pop3' | 'smtp';
    readonly host: string;
    readonly port: number;
  } | null;
  readonly kind: string;
  readonly disposition: 'permanent' | 'transient' | 'uncertain' | 'warning' | 'ours';
  readonly scope: 'mailbox' | 'profile' | 'system';
  /** Active mailboxes, of those the actor may see, in which it fails now. */
  readonly mailboxes: number;
  /** Of them, those that worked before and wait for the incident to end. */
  readonly paused: number;
  /** ISO; when the first of them began to fail in this way. */
  readonly since: string;
  /** ISO; the newest test that failed so. */
  readonly newest: string;
  /** ISO; the first that is tried again by itself; null: none is. */
  readonly nextAttemptAt: string | null;
}
