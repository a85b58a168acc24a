import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { startLineServer } from '../wire/line-server.ts';
import { rawClient } from '../test-support/raw-client.ts';
import {
  type CertificateName,
  type Certificates,
  certificatesStillTrue,
  restoreCertificates,
  serializeCertificates,
} from './certificates.ts';
import { createCertificates } from './create-certificates.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const handshake = async (name: CertificateName, crl?: string): Promise<string> => {
  const server = await startLineServer({ tls: 'tls', certificate: certificates.leafs[name] }, (connection) =>
    connection.writeLines(['hello']),
  );
  try {
    const client = await rawClient(server.port, {
      tls: true,
      ca: certificates.ca,
      ...(crl === undefined ? {} : { crl }),
    });
    const line = await client.line();
    await client.close();
    return line ?? 'nothing';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no code';
  } finally {
    await server.close();
  }
};

describe('a strict client', () => {
  test.each([
    ['good', 'hello'],
    ['expiringSoon', 'hello'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['notYetValid', 'CERT_NOT_YET_VALID'],
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['otherAuthority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['otherAuthorityWithRoot', 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['missingIntermediate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['wrongPurpose', 'INVALID_PURPOSE'],
  ] as const)('meets %s with %s', async (name, outcome) => {
    expect(await handshake(name)).toBe(outcome);
  });

  test('refuses the revoked one only when it is given the revocation list', async () => {
    expect(await handshake('revoked')).toBe('hello');
    expect(await handshake('revoked', certificates.crl)).toBe('CERT_REVOKED');
    expect(await handshake('good', certificates.crl)).toBe('hello');
  });
});

test('the names are those asked for', async () => {
  const { leafs } = await createCertificates({ names: ['DNS:mail.example.test', 'IP:127.0.0.9'] });
  expect(new X509Certificate(leafs.good.chain).subjectAltName).toBe('DNS:mail.example.test, IP Address:127.0.0.9');
  await expect(createCertificates({ names: ['mail.example.test'] })).rejects.toThrow('names: each name must start');
});

describe('stored certificates', () => {
  test('come back as they were', () => {
    expect(restoreCertificates(serializeCertificates(certificates))).toEqual(certificates);
  });

  test.each([
    ['not JSON', 'x', 'certificates: expected JSON'],
    ['a list', '[]', 'certificates.leafs: expected an object'],
    ['a number', '7', 'certificates: expected an object'],
    ['no leafs', JSON.stringify({ ca: '-----BEGIN CERTIFICATE-----' }), 'certificates.leafs: expected an object'],
  ])('are refused when they are %s', (_, text, message) => {
    expect(() => restoreCertificates(text)).toThrow(message);
  });

  test('are refused by field, and the message holds no key', () => {
    const broken = {
      ...certificates,
      leafs: { ...certificates.leafs, good: { key: 'S3CRET', chain: certificates.leafs.good.chain } },
    };
    expect(() => restoreCertificates(JSON.stringify(broken))).toThrow(
      /^certificates\.leafs\.good\.key: expected PEM text$/,
    );
  });

  test('stop being true when the one that expires soon is about to', () => {
    const made = Date.parse(certificates.createdAt);
    const after = (days: number): Date => new Date(made + days * 24 * 60 * 60 * 1000);
    expect(certificatesStillTrue(certificates, after(0))).toBe(true);
    expect(certificatesStillTrue(certificates, after(3.9))).toBe(true);
    expect(certificatesStillTrue(certificates, after(4))).toBe(false);
    expect(certificatesStillTrue(certificates, after(-1))).toBe(false);
  });
});
