import type { Protocol } from '@mailroom/domain';

/** What answers on a port, told from its first bytes. Only this name is ever shown, never the bytes. */
export type SpokenProtocol = Protocol | 'tls' | 'ftp' | 'http' | 'ssh';

/** Names for people. */
export const spokenNames: Readonly<Record<SpokenProtocol, string>> = {
  imap: 'IMAP',
  pop3: 'POP3',
  smtp: 'SMTP',
  tls: 'TLS',
  ftp: 'FTP',
  http: 'HTTP (web)',
  ssh: 'SSH',
};

/** A TLS record: type alert (21) or handshake (22), major version 3 (RFC 8446 section 5.1). */
const isTlsRecord = (first: Buffer): boolean => (first[0] === 21 || first[0] === 22) && first[1] === 3;

/** Which protocol speaks like this; null when it cannot be told. Reads the beginning only. */
export const sniffBanner = (first: Buffer): SpokenProtocol | null => {
  if (isTlsRecord(first)) return 'tls';
  const text = first.subarray(0, 512).toString('latin1');
  if (/^\* (OK|PREAUTH|BYE)\b/i.test(text)) return 'imap';
  if (/^(\+OK|-ERR)(\s|$)/i.test(text)) return 'pop3';
  if (/^SSH-/.test(text)) return 'ssh';
  if (/^(HTTP\/|<!doctype|<html)/i.test(text)) return 'http';
  if (/^[245]\d\d[ -]/.test(text)) return /\bftp/i.test(text) ? 'ftp' : 'smtp';
  return null;
};
