import type { MailServerOptions, MailServerSettings } from '../server-options.ts';

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
