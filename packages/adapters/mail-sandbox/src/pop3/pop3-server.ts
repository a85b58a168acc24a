import { settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { pop3Session } from './pop3-session.ts';
import type { Pop3ServerOptions, Pop3Settings } from './pop3-settings.ts';

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
