import { type MailServerOptions, type MailServerSettings, settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { pop3Session } from './pop3-session.ts';

/** What the POP3 server can be told beside the common options. */
export interface Pop3ServerOptions extends MailServerOptions {
  /** Whether the greeting carries the timestamp that APOP needs; default true. */
  readonly apop?: boolean;
  /** Whether USER and PASS are accepted; default true. */
  readonly userPass?: boolean;
}

/** The settings of a POP3 session. */
export interface Pop3Settings extends MailServerSettings {
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly certificate: MailServerOptions['certificate'];
  readonly greeting: string;
  readonly apop: boolean;
  readonly userPass: boolean;
}

/**
 * A POP3 server (RFC 1939, 2449, 2595, 5034, 3206): CAPA, STLS, USER and PASS, APOP, AUTH, STAT, LIST, UIDL, TOP,
 * RETR, DELE, RSET, NOOP, QUIT. It shows the INBOX of the store; deletions happen at QUIT.
 */
export const startPop3Server = (options: Pop3ServerOptions = {}): Promise<RunningServer> => {
  const settings: Pop3Settings = {
    ...settingsOf(options),
    tls: options.tls ?? 'none',
    certificate: options.certificate,
    greeting: options.greeting ?? 'Mail Sandbox POP3 ready',
    apop: options.apop ?? true,
    userPass: options.userPass ?? true,
  };
  return startLineServer(options, (connection, conversation) => pop3Session(settings, connection, conversation));
};
