import { settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { smtpSession } from './smtp-session.ts';
import type { SmtpServerOptions, SmtpSettings } from './smtp-settings.ts';

/**
 * A submission server (RFC 6409): EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, RSET, NOOP, QUIT. Messages for addresses of
 * its accounts go to the store; for other addresses of the same domains it says 550 5.1.1; the rest of the world it
 * accepts and forgets.
 */
export const startSmtpServer = (options: SmtpServerOptions = {}): Promise<RunningServer> => {
  const common = settingsOf(options);
  const settings: SmtpSettings = {
    ...common,
    tls: options.tls ?? 'none',
    certificate: options.certificate,
    greeting: options.greeting ?? `${common.hostName} ESMTP Mail Sandbox ready`,
    maxSize: options.maxSize ?? 25 * 1024 * 1024,
    senderCheckedAt: options.senderCheckedAt ?? 'RCPT',
    authRequired: options.authRequired ?? true,
    onDeliver: options.onDeliver ?? ((message) => message),
  };
  return startLineServer(options, (connection, conversation) => smtpSession(settings, connection, conversation));
};
