import { sendsPassword } from '../sasl/authenticate.ts';
import type { Mechanism } from '../sasl/mechanism.ts';
import type { SmtpSettings } from './smtp-settings.ts';

/** The mechanisms to name now: those that send a password only when the channel may carry one. */
export const mechanismsNow = (
  settings: Pick<SmtpSettings, 'mechanisms' | 'allowPlainText'>,
  secure: boolean,
): readonly Mechanism[] =>
  settings.mechanisms.filter((mechanism) => secure || settings.allowPlainText || !sendsPassword(mechanism));

/** What EHLO announces now. */
export const smtpExtensions = (settings: SmtpSettings, secure: boolean): readonly string[] => {
  // Like most servers: with STARTTLS ahead, no AUTH at all is announced in clear.
  const early = settings.tls === 'starttls' && !secure && !settings.allowPlainText;
  const offered = early ? [] : mechanismsNow(settings, secure);
  return [
    'PIPELINING',
    `SIZE ${settings.maxSize}`,
    ...(settings.tls === 'starttls' && !secure ? ['STARTTLS'] : []),
    ...(offered.length > 0 ? [`AUTH ${offered.join(' ')}`] : []),
    'ENHANCEDSTATUSCODES',
    '8BITMIME',
    'SMTPUTF8',
    ...settings.capabilities,
  ].filter((line) => !settings.without.has((line.split(' ')[0] ?? '').toUpperCase()));
};
