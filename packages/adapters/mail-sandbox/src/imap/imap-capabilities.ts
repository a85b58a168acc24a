import { mechanismsNow } from '../smtp/smtp-extensions.ts';
import type { ImapSettings } from './imap-settings.ts';

/** What CAPABILITY lists now; before STARTTLS a server that wants TLS shows LOGINDISABLED instead of mechanisms. */
export const imapCapabilities = (settings: ImapSettings, secure: boolean, loggedIn: boolean): readonly string[] => {
  const open = secure || settings.allowPlainText;
  const beforeLogin = [
    ...(settings.tls === 'starttls' && !secure ? ['STARTTLS'] : []),
    ...(open && !settings.without.has('LOGIN') ? [] : ['LOGINDISABLED']),
    ...mechanismsNow(settings, secure).map((mechanism) => `AUTH=${mechanism}`),
  ];
  const afterLogin = ['NAMESPACE', 'QUOTA', 'UIDPLUS', 'UNSELECT', 'SPECIAL-USE'];
  return [
    'IMAP4rev1',
    'SASL-IR',
    'LITERAL+',
    'ID',
    ...(loggedIn ? afterLogin : beforeLogin),
    ...settings.capabilities,
  ].filter((word) => !settings.without.has(word.toUpperCase()));
};
