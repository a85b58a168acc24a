export { imapProbe, type ImapProbeOptions } from './imap-probe.ts';
export type { ImapLimits } from './limits.ts';
export type { ClientInfo } from './mailbox.ts';
