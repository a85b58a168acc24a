import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from './connector-types.ts';

/** Days before its end from which a certificate is warned about. */
export const expiringSoonDays = 14;

const dayMs = 86_400_000;

/** Longest list of names that is shown. */
const maxNames = 8;

/** The name in a distinguished name such as `CN=mail.example.org` with one attribute a line. */
const nameIn = (distinguishedName: string): string =>
  (/^CN=(.*)$/m.exec(distinguishedName) ?? /^O=(.*)$/m.exec(distinguishedName))?.[1] ?? 'unnamed';

/** Names of the certificate as a server wrote them: only what looks like a name or an address may be shown. */
const namesIn = (alternativeNames: string | undefined): readonly string[] =>
  (alternativeNames ?? '')
    .split(/,\s*/)
    .map((entry) => entry.replace(/^(DNS|IP Address):/, ''))
    .filter((name) => /^[\w.*:-]{1,253}$/.test(name))
    .slice(0, maxNames);

/** What a certificate says. Null when the peer showed none. Each part is read when it is asked for: few are. */
export const certificateFacts = (certificate: X509Certificate | undefined): CertificateFacts | null =>
  certificate === undefined
    ? null
    : {
        get subject() {
          return nameIn(certificate.subject);
        },
        get issuer() {
          return nameIn(certificate.issuer);
        },
        get names() {
          return namesIn(certificate.subjectAltName);
        },
        get validFrom() {
          return new Date(certificate.validFrom);
        },
        validTo: new Date(certificate.validTo),
      };

/** Whole days until the certificate ends, rounded down; negative when it has. */
export const daysLeft = ({ validTo }: CertificateFacts, now: Date): number =>
  Math.floor((validTo.getTime() - now.getTime()) / dayMs);

export const isoDate = (date: Date): string =>
  Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10);
