import { settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { imapSession } from './imap-session.ts';
import type { ImapServerOptions, ImapSettings } from './imap-settings.ts';

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
