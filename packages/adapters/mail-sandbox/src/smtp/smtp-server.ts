import { type MailServerOptions, type MailServerSettings, settingsOf } from '../server-options.ts';
import { type RunningServer, startLineServer } from '../wire/line-server.ts';
import { smtpSession } from './smtp-session.ts';

/** What the SMTP submission server can be told beside the common options. */
export interface SmtpServerOptions extends MailServerOptions {
  /** The largest message in bytes, announced by SIZE; default 26,214,400. */
  readonly maxSize?: number;
  /**
   * At which command a sender address that the account does not own is refused; default `RCPT`, as Postfix does.
   * `CONTENT` is when the message has been received, as Exchange does.
   */
  readonly senderCheckedAt?: 'MAIL' | 'RCPT' | 'CONTENT' | 'never';
  /** Whether MAIL needs a login; default true. */
  readonly authRequired?: boolean;
  /** What becomes of a message before it is stored: another sender, another folder, nothing (`undefined`). */
  readonly onDeliver?: (message: SubmittedMessage) => SubmittedMessage | undefined;
}

/** An accepted message on its way into a mailbox. */
export interface SubmittedMessage {
  readonly from: string;
  readonly to: string;
  readonly content: Buffer;
  /** Default INBOX. */
  readonly folder?: string;
}

/** The settings of an SMTP session. */
export interface SmtpSettings extends MailServerSettings {
  readonly tls: 'tls' | 'starttls' | 'none';
  readonly certificate: MailServerOptions['certificate'];
  readonly greeting: string;
  readonly maxSize: number;
  readonly senderCheckedAt: 'MAIL' | 'RCPT' | 'CONTENT' | 'never';
  readonly authRequired: boolean;
  readonly onDeliver: (message: SubmittedMessage) => SubmittedMessage | undefined;
}

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
