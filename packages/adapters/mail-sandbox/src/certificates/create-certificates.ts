// The library resolves its parts by decorators and needs this polyfill before it is loaded.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type GeneralNameType,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { type CertificateName, type Certificates, expiringSoonDays, type ServerCertificate } from './certificates.ts';

/** What `createCertificates` can be told. */
export interface CertificateOptions {
  /** Names of the host, each `DNS:<name>` or `IP:<address>`; default `DNS:localhost`, `IP:127.0.0.1`, `IP:::1`. */
  readonly names?: readonly string[];
  /** The instant all validity periods are relative to; default: now. */
  readonly now?: Date;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signature = { name: 'ECDSA', hash: 'SHA-256' } as const;
const provider = webcrypto;
const day = 24 * 60 * 60 * 1000;

interface Signed {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

interface LeafOptions {
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  readonly usage?: ExtendedKeyUsage;
}

/**
 * A fresh certificate authority and one leaf for every name in `certificateNames`: EC P-256, SHA-256, made in
 * process. Throws a `TypeError` for a name that is neither `DNS:` nor `IP:`.
 */
export const createCertificates = async (options: CertificateOptions = {}): Promise<Certificates> => {
  const names = options.names ?? ['DNS:localhost', 'IP:127.0.0.1', 'IP:::1'];
  const now = options.now ?? new Date();
  const at = (days: number): Date => new Date(Math.floor((now.getTime() + days * day) / 1000) * 1000);

  const authority = (name: string, by?: Signed): Promise<Signed> =>
    sign(name, authorityExtensions(by === undefined), at(-2), at(3650), by);
  const leaf = (by: Signed | undefined, leafOptions: LeafOptions = {}): Promise<Signed> => {
    const subject = leafOptions.names ?? names;
    return sign(
      (subject[0] ?? 'DNS:localhost').replace(/^(DNS|IP):/, ''),
      leafExtensions(subject, leafOptions.usage ?? ExtendedKeyUsage.serverAuth),
      leafOptions.from ?? at(-1),
      leafOptions.to ?? at(730),
      by,
    );
  };

  const root = await authority('Mail Sandbox Root');
  const intermediate = await authority('Mail Sandbox Intermediate', root);
  const stranger = await authority('Another Root');
  const revoked = await leaf(root);
  const crl = await X509CrlGenerator.create(
    {
      issuer: root.certificate.subject,
      thisUpdate: at(-1),
      nextUpdate: at(3650),
      signingAlgorithm: signature,
      signingKey: root.keys.privateKey,
      entries: [{ serialNumber: revoked.certificate.serialNumber, revocationDate: at(-1) }],
    },
    provider,
  );

  const foreign = await leaf(stranger);
  const leafs: Record<CertificateName, ServerCertificate> = {
    good: await presented(await leaf(root)),
    expired: await presented(await leaf(root, { from: at(-40), to: at(-10) })),
    notYetValid: await presented(await leaf(root, { from: at(10) })),
    wrongHost: await presented(await leaf(root, { names: ['DNS:other.example.test'] })),
    otherAuthority: await presented(foreign),
    otherAuthorityWithRoot: await presented(foreign, stranger),
    selfSigned: await presented(await leaf(undefined)),
    missingIntermediate: await presented(await leaf(intermediate)),
    wrongPurpose: await presented(await leaf(root, { usage: ExtendedKeyUsage.clientAuth })),
    revoked: await presented(revoked),
    expiringSoon: await presented(await leaf(root, { to: at(expiringSoonDays) })),
  };
  return {
    ca: root.certificate.toString('pem'),
    crl: `${PemConverter.encode(crl.rawData, 'X509 CRL')}\n`,
    leafs,
    names,
    createdAt: now.toISOString(),
  };
};

const sign = async (
  name: string,
  extensions: Extension[],
  notBefore: Date,
  notAfter: Date,
  by: Signed | undefined,
): Promise<Signed> => {
  const keys = await provider.subtle.generateKey(curve, true, ['sign', 'verify']);
  const common = { notBefore, notAfter, signingAlgorithm: signature, extensions };
  const subject = [{ CN: [name] }];
  const certificate =
    by === undefined
      ? await X509CertificateGenerator.createSelfSigned({ ...common, name: subject, keys }, provider)
      : await X509CertificateGenerator.create(
          {
            ...common,
            subject,
            issuer: by.certificate.subject,
            publicKey: keys.publicKey,
            signingKey: by.keys.privateKey,
          },
          provider,
        );
  return { certificate, keys };
};

const authorityExtensions = (root: boolean): Extension[] => [
  new BasicConstraintsExtension(true, root ? 2 : 0, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

const leafExtensions = (names: readonly string[], usage: ExtendedKeyUsage): Extension[] => [
  new BasicConstraintsExtension(false, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([usage]),
  new SubjectAlternativeNameExtension(names.map(generalName)),
];

const generalName = (name: string): { type: GeneralNameType; value: string } => {
  if (name.startsWith('DNS:')) return { type: 'dns', value: name.slice(4) };
  if (name.startsWith('IP:')) return { type: 'ip', value: name.slice(3) };
  throw new TypeError('names: each name must start with DNS: or IP:');
};

const presented = async (leaf: Signed, ...also: readonly Signed[]): Promise<ServerCertificate> => ({
  key: PemConverter.encode(await provider.subtle.exportKey('pkcs8', leaf.keys.privateKey), 'PRIVATE KEY'),
  chain: [leaf, ...also].map((signed) => `${signed.certificate.toString('pem')}\n`).join(''),
});
