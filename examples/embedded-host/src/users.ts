import { readFileSync } from 'node:fs';
import type { Privilege } from '@mailroom/domain';
import type { HostActor } from '@mailroom/projections/host';

/** A user of this application. It was here before Mailroom, and knows nothing of it. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly role: 'administrator' | 'agent' | 'auditor';
  /** How this small application knows who is calling. Yours has sessions. */
  readonly token: string;
}

export const readUsers = (file: string): readonly User[] => JSON.parse(readFileSync(file, 'utf8')) as readonly User[];

// #region actor
/** What each role of this application may do in Mailroom. Agents need nothing: owners may see and test their own. */
const privilegesOf: Readonly<Record<User['role'], readonly Privilege[]>> = {
  administrator: [
    'profiles.write',
    'settings.write',
    'mailboxes.read',
    'mailboxes.write',
    'mailboxes.test',
    'addresses.approve',
    'audit.read',
  ],
  auditor: ['mailboxes.read', 'audit.read'],
  agent: [],
};

/** The same person, as Mailroom knows people. */
export const actorOf = ({ id, tenant, role }: User): HostActor => ({
  id,
  organizationId: tenant,
  privileges: privilegesOf[role],
});
// #endregion actor
