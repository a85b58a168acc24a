import { type Account, mayActFor } from '../accounts/account.ts';
import type { Protocol } from '../behaviours/behaviour.ts';
import { rulesOf } from '../server-options.ts';
import type { Conversation } from '../wire/conversation.ts';
import type { Proof } from './mechanism.ts';

/** Whether a proof opens a mailbox. */
export type Admission =
  | {
      readonly kind: 'in';
      /** Who logged in. */
      readonly login: Account;
      /** Whose mailbox was opened. */
      readonly mailbox: Account;
      /** The success was already said, by a script. */
      readonly said: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly because: 'credentials' | 'token' | 'cancelled' | 'malformed' | 'authorization';
    }
  /** A script has answered. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'over' };

/** Plays the step `auth` with the rules of the account that was named, then judges the proof. */
export const admit = async (
  proof: Proof,
  protocol: Protocol,
  conversation: Conversation,
  variables: { readonly tag?: string } = {},
): Promise<Admission> => {
  const claimed = proof.proved ? proof.account : proof.claimed;
  const wanted = proof.proved ? proof.actsFor : undefined;
  const involved = [claimed, wanted === claimed ? undefined : wanted].filter((account) => account != null);
  conversation.adopt(involved.map((account) => rulesOf(account, protocol)));
  const outcome = await conversation.step('auth', '', {
    ...variables,
    user: claimed?.userName ?? (proof.proved ? '' : (proof.userName ?? '')),
    address: claimed?.address ?? '',
  });
  if (outcome === 'over') return { kind: 'over' };
  if (outcome === 'handled') return { kind: 'answered' };
  if (!proof.proved) return { kind: 'refused', because: proof.because };
  if (proof.actsFor === null || !mayActFor(proof.account, proof.actsFor)) {
    return { kind: 'refused', because: 'authorization' };
  }
  return { kind: 'in', login: proof.account, mailbox: proof.actsFor, said: outcome === 'effect' };
};
