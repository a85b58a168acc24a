import type { MailboxId } from '../values/index.ts';
import type { Event } from './events.ts';

/** Who has the address. */
export type State =
  | { readonly holder: null }
  | {
      readonly holder: MailboxId;
      readonly claimedAt: Date;
    };

export const initialState: State = { holder: null };

export const evolve = (_state: State, event: Event): State =>
  event.type === 'AddressClaimed' ? { holder: event.data.mailboxId, claimedAt: event.data.claimedAt } : initialState;
