import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { OrganizationId } from '../../kernel/command.ts';
import type { Position } from '../../kernel/event-store.ts';
import type { MailboxId, ProfileId } from '../../values/index.ts';

/** The directory cannot answer, or did not come as far as it was asked to. May pass. */
export interface DirectoryUnavailable {
  readonly _tag: 'DirectoryUnavailable';
  readonly cause: unknown;
}

/**
 * Which mailboxes there are: what no single stream can tell. A view answers; `atLeast` makes it take in everything up
 * to that position first, so that a command sees what was written before it. Ids come in the order of registration.
 */
export interface Directory {
  /** The mailboxes on this profile, active or not. */
  readonly mailboxesOfProfile: (
    profileId: ProfileId,
    atLeast: Position | null,
  ) => TaskEither<DirectoryUnavailable, readonly MailboxId[]>;
  /** All mailboxes of this organization, active or not. */
  readonly mailboxesOf: (
    organizationId: OrganizationId,
    atLeast: Position | null,
  ) => TaskEither<DirectoryUnavailable, readonly MailboxId[]>;
}
