import type { PeerCertificate } from 'node:tls';
import type { CertificateFacts } from './connector-types.ts';

/** Days before its end from which a certificate is warned about. */
export const expiringSoonDays = 14;

const dayMs = 86_400_000;

/** Longest list of names that is shown. */
const maxNames = 8;

const textOf = (name: unknown): string => {
  const { CN, O } = (name ?? {}) as { readonly CN?: string | readonly string[]; readonly O?: string };
  return (typeof CN === 'string' ? CN : CN?.[0]) ?? O ?? 'unnamed';
};

/** Names of the certificate as a server wrote them: only what looks like a name or an address may be shown. */
const namesOf = (certificate: PeerCertificate): readonly string[] => {
  const all = (certificate.subjectaltname ?? '')
    .split(/,\s*/)
    .map((entry) => entry.replace(/^(DNS|IP Address):/, ''))
    .filter((name) => /^[\w.*:-]{1,253}$/.test(name));
  return all.slice(0, maxNames);
};

/** What a certificate says. Null when the peer showed none. */
export const certificateFacts = (certificate: PeerCertificate | null | undefined): CertificateFacts | null => {
  if (certificate?.valid_to === undefined) return null;
  return {
    subject: textOf(certificate.subject),
    issuer: textOf(certificate.issuer),
    names: namesOf(certificate),
    validFrom: new Date(certificate.valid_from),
    validTo: new Date(certificate.valid_to),
    fingerprint: certificate.fingerprint256,
  };
};

/** Whole days until the certificate ends, rounded down; negative when it has. */
export const daysLeft = ({ validTo }: CertificateFacts, now: Date): number =>
  Math.floor((validTo.getTime() - now.getTime()) / dayMs);

export const isoDate = (date: Date): string =>
  Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10);
