import type { CommandContext, OrganizationId } from '../kernel/command.ts';
import type { MailboxId } from '../values/index.ts';

interface OnAddress<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  /** Keyed hash of the address under the organization's key: names the stream, tells nothing. */
  readonly digest: string;
  readonly organizationId: OrganizationId;
  readonly mailboxId: MailboxId;
}

/**
 * This mailbox is going to have the address. `abandonedBy`: a mailbox that claimed the address and is known not to
 * have it; its claim is taken over once it is old enough that nobody can still be about to use it.
 */
export interface ClaimAddress extends OnAddress<'ClaimAddress'> {
  readonly abandonedBy: MailboxId | null;
}

/** The mailbox does not have the address, or not any more. */
export type ReleaseAddress = OnAddress<'ReleaseAddress'>;

export type Command = ClaimAddress | ReleaseAddress;
