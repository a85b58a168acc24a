import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCertificates } from '../certificates/create-certificates.ts';
import type { CertificateName } from '../certificates/certificates.ts';

/** The address a server listens on decides which certificate it presents. */
export const certificateAddresses = {
  good: '127.0.0.1',
  expired: '127.0.0.2',
  wrongHost: '127.0.0.3',
  otherAuthority: '127.0.0.4',
  selfSigned: '127.0.0.5',
} as const satisfies Partial<Record<CertificateName, string>>;

/** Writes `<name>.pem` and `<name>.key` for every address and returns the PEM of the authority to trust. */
export const writeCertificates = async (directory: string): Promise<string> => {
  mkdirSync(directory, { recursive: true });
  const names = [
    'DNS:localhost',
    'DNS:mail.example.test',
    ...Object.values(certificateAddresses).map((ip) => `IP:${ip}`),
  ];
  const { ca, leafs } = await createCertificates({ names });
  for (const name of Object.keys(certificateAddresses) as (keyof typeof certificateAddresses)[]) {
    writeFileSync(join(directory, `${name}.pem`), leafs[name].chain);
    writeFileSync(join(directory, `${name}.key`), leafs[name].key);
  }
  return ca;
};
