import type { Account } from '../accounts/account.ts';
import { behaviour } from '../behaviours/catalogue.ts';
import { healing, type Behaviour } from '../behaviours/behaviour.ts';
import { personas } from './personas.ts';

const rightPasswords: Readonly<Record<string, string>> = { 'wrong-password': 'carla-sesame-1912' };

const misbehaviours: Readonly<Record<string, readonly Behaviour[]>> = {
  'app-password': [behaviour('imap-app-password-gmail'), behaviour('smtp-app-password-gmail')],
  'mailbox-in-use': [behaviour('pop3-in-use')],
  'heals-on-retry': [healing(behaviour('imap-auth-unavailable'), 1)],
};

/** The accounts behind the personas: right passwords, and how each one misbehaves. */
export const personaAccounts = (): readonly Account[] => [
  ...personas.map((persona) => ({
    userName: persona.userName,
    password: rightPasswords[persona.id] ?? persona.password,
    // Whoever logs in with another name has a mailbox of that name, and does not own the persona's address.
    address: persona.id === 'sender-not-owned' ? persona.userName : persona.address,
    behaviours: misbehaviours[persona.id] ?? [],
  })),
  { userName: 'sales@example.test', password: 'nobody-knows-this-one', address: 'sales@example.test' },
];
