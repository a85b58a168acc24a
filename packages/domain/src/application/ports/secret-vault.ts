import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Secret, SecretRef } from '../../values/index.ts';

/** Bound into the envelope as additional data, so that envelopes cannot be swapped between owners or fields. */
export interface SecretOwner {
  readonly organizationId: string;
  readonly kind: 'profile' | 'mailbox';
  readonly ownerId: string;
  readonly field: 'incoming' | 'outgoing' | 'password';
}

/** The vault cannot be reached or written now; may pass. */
export interface VaultUnavailable {
  readonly _tag: 'VaultUnavailable';
  readonly cause: unknown;
}

/** This secret cannot be read: no envelope, a missing key version, a tag that does not fit. Entering it again helps. */
export interface SecretUnreadable {
  readonly _tag: 'SecretUnreadable';
  readonly reason: 'missing' | 'keyMissing' | 'damaged';
}

/** Keeps secrets encrypted, apart from the events. There is no fall back to plain text. */
export interface SecretVault {
  /** Durable when it resolves. Putting the same reference again replaces the envelope. */
  readonly put: (ref: SecretRef, owner: SecretOwner, secret: Secret) => TaskEither<VaultUnavailable, void>;
  readonly reveal: (ref: SecretRef, owner: SecretOwner) => TaskEither<VaultUnavailable | SecretUnreadable, Secret>;
  /** Removing what is not there is no error. */
  readonly remove: (ref: SecretRef) => TaskEither<VaultUnavailable, void>;
  /** Every reference that has an envelope, for the clean-up of those that no event names. */
  readonly references: () => TaskEither<VaultUnavailable, readonly SecretRef[]>;
}
