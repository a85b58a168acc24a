import type { MailServerOptions, MailServerSettings } from '../server-options.ts';

/** What the IMAP server can be told beside the common options. */
export interface ImapServerOptions extends MailServerOptions {
  /** Whether the greeting and the success of a login list the capabilities; default true. */
  readonly announceCapabilities?: boolean;
  /** SELECT and EXAMINE are refused with this text until the client has sent ID. */
  readonly idRequired?: string;
  /** What a folder that does not exist is answered with; default `[NONEXISTENT] Mailbox doesn't exist: {folder}`. */
  readonly missingFolder?: string;
  /** The server's own ID fields. */
  readonly id?: Readonly<Record<string, string>>;
}

/** The settings of an IMAP session. */
export interface ImapSettings extends MailServerSettings {
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly certificate: MailServerOptions['certificate'];
  readonly greeting: string;
  readonly announceCapabilities: boolean;
  readonly idRequired: string | undefined;
  readonly missingFolder: string;
  readonly id: Readonly<Record<string, string>>;
}
