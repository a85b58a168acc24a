import { maxServerText, type Redactor } from './redact.ts';

/** Control characters, and the invisible ones that reorder or hide text. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what must go
const unprintable = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

const link = /\b[a-z][a-z0-9+.-]*:\/\/\S+|\bwww\.\S+/gi;

const hostOfLink = (text: string): string => {
  try {
    return new URL(text.startsWith('www.') ? `https://${text}` : text).hostname.toLowerCase();
  } catch {
    return '';
  }
};

/** Most of what is shown: nothing in it has to be looked at but secrets. */
const isHarmless = (text: string): boolean =>
  text.length <= maxServerText && /^[!-~]+(?: [!-~]+)*$/.test(text) && !/:\/\/|www\./i.test(text);

/**
 * What a server said, fit to be shown: secrets taken out, one line, no control characters, links only to hosts that
 * are trusted (a hostile server must not be able to place one), at most 300 characters. Null when nothing is left.
 */
export const cleanServerText = (
  text: string,
  redact: Redactor,
  isTrustedHost: (host: string) => boolean = () => false,
): string | null => {
  if (isHarmless(text)) return redact(text).slice(0, maxServerText);
  // Cut first, with room for replacements: a hostile server may send megabytes.
  const line = redact(text.slice(0, 20 * maxServerText).replace(unprintable, ' '))
    .replace(link, (found) => (isTrustedHost(hostOfLink(found)) ? found : '[link]'))
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return null;
  return line.length > maxServerText ? `${line.slice(0, maxServerText - 1)}…` : line;
};
