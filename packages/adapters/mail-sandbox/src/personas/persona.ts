import type { FailureTruth } from '../behaviours/failure-kind.ts';
import type { TlsMode } from '../wire/line-server.ts';

/** The servers of the demonstration; `down` is a port on which nobody listens. */
export const personaServers = [
  'imap',
  'pop3',
  'smtp',
  'gmailImap',
  'gmailSmtp',
  'expiredImap',
  'expiredSmtp',
  'down',
] as const;

/** The name of one of them. */
export type PersonaServer = (typeof personaServers)[number];

/** One direction of a persona's server settings. */
export interface PersonaEndpoint {
  readonly protocol: 'imap' | 'pop3' | 'smtp';
  readonly server: PersonaServer;
  readonly tls: TlsMode;
}

/** What a test of one direction must conclude. */
export type DirectionTruth =
  | { readonly status: 'success' }
  | (FailureTruth & {
      readonly status: 'failure';
      /** After this many failures the next test succeeds. Absent: it never heals by itself. */
      readonly healsAfter?: number;
    });

/** Someone whose mailbox works, or fails in one known way. */
export interface Persona {
  readonly id: string;
  readonly displayName: string;
  readonly address: string;
  readonly userName: string;
  /** The password this persona enters, which need not be the right one. */
  readonly password: string;
  /** The settings of the mail server as this persona's organization wrote them down; shared by equal `name`. */
  readonly profile: {
    readonly name: string;
    readonly incoming: PersonaEndpoint;
    readonly outgoing: PersonaEndpoint;
  };
  /** What is true, by the sandbox's script: compare a product's verdict with this. */
  readonly truth: { readonly incoming: DirectionTruth; readonly outgoing: DirectionTruth };
}
