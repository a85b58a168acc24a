import type { MailServerOptions, MailServerSettings } from '../server-options.ts';

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
