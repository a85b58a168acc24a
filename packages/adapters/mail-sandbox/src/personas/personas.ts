import { truthOf, type FailureKind } from '../behaviours/failure-kind.ts';
import type { DirectionTruth, Persona, PersonaEndpoint } from './persona.ts';

const works: DirectionTruth = { status: 'success' };
const fails = (kind: FailureKind, healsAfter?: number): DirectionTruth => ({
  status: 'failure',
  ...truthOf(kind),
  ...(healsAfter === undefined ? {} : { healsAfter }),
});

const imap: PersonaEndpoint = { protocol: 'imap', server: 'imap', tls: 'tls' };
const pop3: PersonaEndpoint = { protocol: 'pop3', server: 'pop3', tls: 'starttls' };
const smtp: PersonaEndpoint = { protocol: 'smtp', server: 'smtp', tls: 'starttls' };

const imapProfile = { name: 'Example Mail (IMAP)', incoming: imap, outgoing: smtp };
const popProfile = { name: 'Example Mail (POP3)', incoming: pop3, outgoing: smtp };

/** The people of the demonstration, the working ones first. */
export const personas: readonly Persona[] = [
  {
    id: 'works-imap',
    displayName: 'Ada Works',
    address: 'ada@example.test',
    userName: 'ada@example.test',
    password: 'ada-sesame-1815',
    profile: imapProfile,
    truth: { incoming: works, outgoing: works },
  },
  {
    id: 'works-pop3',
    displayName: 'Bruno Works',
    address: 'bruno@example.test',
    userName: 'bruno@example.test',
    password: 'bruno-sesame-1600',
    profile: popProfile,
    truth: { incoming: works, outgoing: works },
  },
  {
    id: 'wrong-password',
    displayName: 'Carla Mistyped',
    address: 'carla@example.test',
    userName: 'carla@example.test',
    password: 'carla-mistyped-1',
    profile: imapProfile,
    truth: { incoming: fails('InvalidCredentials'), outgoing: fails('InvalidCredentials') },
  },
  {
    id: 'app-password',
    displayName: 'Dora Two-Factor',
    address: 'dora@workspace.example.test',
    userName: 'dora@workspace.example.test',
    password: 'dora-sesame-1999',
    profile: {
      name: 'Google Workspace',
      incoming: { protocol: 'imap', server: 'gmailImap', tls: 'tls' },
      outgoing: { protocol: 'smtp', server: 'gmailSmtp', tls: 'tls' },
    },
    truth: { incoming: fails('AppPasswordRequired'), outgoing: fails('AppPasswordRequired') },
  },
  {
    id: 'expired-certificate',
    displayName: 'Emil Expired',
    address: 'emil@example.test',
    userName: 'emil@example.test',
    password: 'emil-sesame-1707',
    profile: {
      name: 'Old Certificate Ltd',
      incoming: { protocol: 'imap', server: 'expiredImap', tls: 'tls' },
      outgoing: { protocol: 'smtp', server: 'expiredSmtp', tls: 'starttls' },
    },
    truth: { incoming: fails('CertificateExpired'), outgoing: fails('CertificateExpired') },
  },
  {
    id: 'server-down',
    displayName: 'Fritz Offline',
    address: 'fritz@example.test',
    userName: 'fritz@example.test',
    password: 'fritz-sesame-1823',
    profile: {
      name: 'Switched Off Inc',
      incoming: { protocol: 'imap', server: 'down', tls: 'tls' },
      outgoing: { protocol: 'smtp', server: 'down', tls: 'tls' },
    },
    truth: { incoming: fails('ConnectionRefused'), outgoing: fails('ConnectionRefused') },
  },
  {
    id: 'imap-on-pop3-port',
    displayName: 'Gerda Mixed-Up',
    address: 'gerda@example.test',
    userName: 'gerda@example.test',
    password: 'gerda-sesame-1845',
    profile: {
      name: 'Wrong Port & Sons',
      incoming: { protocol: 'pop3', server: 'imap', tls: 'tls' },
      outgoing: smtp,
    },
    truth: { incoming: fails('ProtocolMismatch'), outgoing: works },
  },
  {
    id: 'mailbox-in-use',
    displayName: 'Hugo Busy',
    address: 'hugo@example.test',
    userName: 'hugo@example.test',
    password: 'hugo-sesame-1802',
    profile: popProfile,
    truth: { incoming: fails('MailboxInUse'), outgoing: works },
  },
  {
    id: 'heals-on-retry',
    displayName: 'Ines Patient',
    address: 'ines@example.test',
    userName: 'ines@example.test',
    password: 'ines-sesame-1879',
    profile: imapProfile,
    truth: { incoming: fails('AuthTemporarilyUnavailable', 1), outgoing: works },
  },
  {
    id: 'sender-not-owned',
    displayName: 'Sales Team',
    address: 'sales@example.test',
    userName: 'jonas@example.test',
    password: 'jonas-sesame-1901',
    profile: imapProfile,
    truth: { incoming: works, outgoing: fails('SenderNotOwned') },
  },
];
