import { mechanismsNow } from '../smtp/smtp-extensions.ts';
import type { Pop3Settings } from './pop3-settings.ts';

/** What CAPA lists now; before STLS a server that wants TLS shows no way to send a password. */
export const pop3Capabilities = (settings: Pop3Settings, secure: boolean): readonly string[] => {
  const open = secure || settings.allowPlainText;
  const offered = mechanismsNow(settings, secure);
  return [
    'TOP',
    'UIDL',
    'RESP-CODES',
    'PIPELINING',
    'AUTH-RESP-CODE',
    ...(settings.tls === 'starttls' && !secure ? ['STLS'] : []),
    ...(settings.userPass && open ? ['USER'] : []),
    ...(offered.length > 0 ? [`SASL ${offered.join(' ')}`] : []),
    ...settings.capabilities,
  ].filter((line) => !settings.without.has((line.split(' ')[0] ?? '').toUpperCase()));
};
