export { alertMailer, type AlertMailerOptions } from './alert-mailer.ts';
export { type AlertMailServer, type AlertMailServerOptions, alertMailServer } from './alert-mail-server.ts';
