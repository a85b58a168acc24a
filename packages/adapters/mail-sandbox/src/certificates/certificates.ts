/** What a server presents: its private key and the chain it sends, both as PEM. */
export interface ServerCertificate {
  readonly key: string;
  /** Leaf first, then the intermediates the server sends. */
  readonly chain: string;
}

/** The certificates a sandbox can present. Every one but `good` and `expiringSoon` is refused by a strict client. */
export const certificateNames = [
  'good',
  'expired',
  'notYetValid',
  'wrongHost',
  'otherAuthority',
  'otherAuthorityWithRoot',
  'selfSigned',
  'missingIntermediate',
  'wrongPurpose',
  'revoked',
  'expiringSoon',
] as const;

/** The name of one certificate of a sandbox. */
export type CertificateName = (typeof certificateNames)[number];

/** A certificate authority with the leafs it signed, all of them PEM. */
export interface Certificates {
  /** The root to trust. */
  readonly ca: string;
  /** A revocation list, signed by the root, that names the leaf `revoked`. For clients that are given one (`crl`). */
  readonly crl: string;
  readonly leafs: Readonly<Record<CertificateName, ServerCertificate>>;
  /** The names in the leafs, such as `DNS:localhost` or `IP:127.0.0.1`. */
  readonly names: readonly string[];
  /** ISO instant; the validity of every leaf is relative to it. */
  readonly createdAt: string;
}

/** One JSON document that holds the private keys too: keep it out of version control. */
export const serializeCertificates = (certificates: Certificates): string =>
  `${JSON.stringify(certificates, null, 2)}\n`;

/**
 * The inverse of `serializeCertificates`. Throws a `TypeError` that names the missing part; the text itself, which
 * holds private keys, is never in the message.
 */
export const restoreCertificates = (text: string): Certificates => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TypeError('certificates: expected JSON as written by serializeCertificates');
  }
  const found = recordOf(parsed, 'certificates');
  const leafs = recordOf(found['leafs'], 'certificates.leafs');
  return {
    ca: pemOf(found['ca'], 'certificates.ca'),
    crl: pemOf(found['crl'], 'certificates.crl'),
    leafs: Object.fromEntries(
      certificateNames.map((name) => {
        const leaf = recordOf(leafs[name], `certificates.leafs.${name}`);
        return [
          name,
          {
            key: pemOf(leaf['key'], `certificates.leafs.${name}.key`),
            chain: pemOf(leaf['chain'], `certificates.leafs.${name}.chain`),
          },
        ];
      }),
    ) as Record<CertificateName, ServerCertificate>,
    names: namesOf(found['names']),
    createdAt: instantOf(found['createdAt']),
  };
};

/** Days after which `expiringSoon` has become `expired`. */
export const expiringSoonDays = 5;

/** Whether every leaf still is at `now` what its name says. When not, create new certificates. */
export const certificatesStillTrue = (certificates: Certificates, now: Date): boolean => {
  const age = now.getTime() - Date.parse(certificates.createdAt);
  return age >= 0 && age < (expiringSoonDays - 1) * 24 * 60 * 60 * 1000;
};

const recordOf = (value: unknown, field: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${field}: expected an object`);
  return value as Record<string, unknown>;
};

const pemOf = (value: unknown, field: string): string => {
  if (typeof value !== 'string' || !value.startsWith('-----BEGIN ')) throw new TypeError(`${field}: expected PEM text`);
  return value;
};

const namesOf = (value: unknown): readonly string[] => {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) {
    throw new TypeError('certificates.names: expected a list of names');
  }
  return value;
};

const instantOf = (value: unknown): string => {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
    throw new TypeError('certificates.createdAt: expected an ISO instant');
  }
  return value;
};
