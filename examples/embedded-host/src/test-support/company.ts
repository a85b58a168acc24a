import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPersonas } from '@mailroom/mail-sandbox';
import type { User } from '../users.ts';

/** The users of the application: a company, and somebody else's administrator. */
export const company: readonly User[] = [
  { id: 'grace', name: 'Grace', tenant: 'acme', role: 'administrator', token: 'token-of-grace' },
  { id: 'ada', name: 'Ada', tenant: 'acme', role: 'agent', token: 'token-of-ada' },
  { id: 'carla', name: 'Carla', tenant: 'acme', role: 'agent', token: 'token-of-carla' },
  { id: 'audrey', name: 'Audrey', tenant: 'acme', role: 'auditor', token: 'token-of-audrey' },
  { id: 'mallory', name: 'Mallory', tenant: 'other', role: 'administrator', token: 'token-of-mallory' },
];

/** The time the application lives in: far from that of the machine, so that one cannot be taken for the other. */
export const startsAt = '2031-02-03T09:00:00.000Z';

/** What the application reads from its environment, with its files in this folder. */
export const environmentOf = (folder: string, sandbox: RunningPersonas): Record<string, string> => {
  writeFileSync(join(folder, 'users.json'), JSON.stringify(company));
  writeFileSync(join(folder, 'ca.pem'), sandbox.ca);
  return {
    PORT: '0',
    DATA: join(folder, 'data'),
    USERS: join(folder, 'users.json'),
    ALLOWED_ADDRESSES: '127.0.0.0/8',
    TRUSTED_CA: join(folder, 'ca.pem'),
    STARTS_AT: startsAt,
  };
};
