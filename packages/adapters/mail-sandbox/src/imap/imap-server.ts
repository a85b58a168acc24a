import { type MailServerOptions, type MailServerSettings, settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { imapSession } from './imap-session.ts';

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

/**
 * An IMAP4rev1 server (RFC 3501) with SASL-IR, ID, NAMESPACE, QUOTA, UIDPLUS, UNSELECT, SPECIAL-USE and LITERAL+:
 * enough for a client to log in, look, search, flag and expunge. Other people's folders lie under
 * `user/<address>/<folder>`, for accounts that may act for them.
 */
export const startImapServer = (options: ImapServerOptions = {}): Promise<RunningServer> => {
  const settings: ImapSettings = {
    ...settingsOf(options),
    tls: options.tls ?? 'none',
    certificate: options.certificate,
    greeting: options.greeting ?? 'Mail Sandbox IMAP ready',
    announceCapabilities: options.announceCapabilities ?? true,
    idRequired: options.idRequired,
    missingFolder: options.missingFolder ?? "[NONEXISTENT] Mailbox doesn't exist: {folder}",
    id: options.id ?? { name: 'Mail Sandbox' },
  };
  return startLineServer(options, (connection, conversation) => imapSession(settings, connection, conversation));
};
