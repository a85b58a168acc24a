/** Where in a check something happened. */
export const phases = [
  'policy',
  'secret',
  'oauth',
  'dns',
  'connect',
  'proxy',
  'tls',
  'greeting',
  'capability',
  'starttls',
  'auth',
  'session',
  'select',
  'list',
  'mailFrom',
  'rcptTo',
  'data',
  'deliver',
  'find',
  'cleanup',
  'quit',
] as const;
/** One of `phases`. */
export type Phase = (typeof phases)[number];

/** What follows from a failure; the retry plan is the deployment's. */
export const dispositions = [
  /** A person must change something; never retried automatically. */
  'permanent',
  /** Retried by plan; `enabled` stays as it was until the plan is spent. */
  'transient',
  /** Permanent at once on a channel that never worked, else retried twice. */
  'uncertain',
  /** The check passes. */
  'warning',
  /** Our own trouble or policy, not the mailbox's. */
  'ours',
] as const;
/** One of `dispositions`. */
export type Disposition = (typeof dispositions)[number];

/** Whom it concerns: one mailbox, every mailbox of the profile, or the operator. */
export const scopes = ['mailbox', 'profile', 'system'] as const;
/** One of `scopes`. */
export type Scope = (typeof scopes)[number];

/** The input that a person would change. */
export const failureFields = [
  'host',
  'port',
  'tls',
  'userName',
  'secret',
  'address',
  'folder',
  'authentication',
] as const;
/** One of `failureFields`. */
export type FailureField = (typeof failureFields)[number];

/** One kind of failure, as data: what it means, whose it is, what to do. */
export interface KindOfFailure {
  readonly phase: Phase;
  readonly disposition: Disposition;
  readonly scope: Scope;
  readonly field: FailureField | null;
  /** What a person reads; names in braces are filled from the failure's parameters. */
  readonly advice: string;
  /** Least wait before a retry, where the kind itself asks for one. */
  readonly retryAfterSeconds?: number;
}
