import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SaslClient, SaslIdentity } from './sasl.ts';

/** More rounds than this would let a hostile server keep the process busy (usual: 4,096 to 15,000). */
const maxRounds = 100_000;

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 5802 section 5.1: how a name is written. */
const saslName = (name: string): string => name.normalize('NFKC').replace(/=/g, '=3D').replace(/,/g, '=2C');

const field = (message: string, name: string): string | null =>
  message
    .split(',')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(2) ?? null;

interface ServerFirst {
  readonly nonce: string;
  readonly salt: Buffer;
  readonly rounds: number;
}

const readServerFirst = (message: string, clientNonce: string): ServerFirst | null => {
  const [nonce, salt, rounds] = [field(message, 'r'), field(message, 's'), Number(field(message, 'i'))];
  if (nonce === null || salt === null || !nonce.startsWith(clientNonce) || nonce === clientNonce) return null;
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > maxRounds) return null;
  return { nonce, salt: Buffer.from(salt, 'base64'), rounds };
};

/** SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). The password never goes over the line. */
export const createScramClient = (identity: SaslIdentity, nonce = randomBytes(18).toString('base64')): SaslClient => {
  const { userName, secret, authorizeAs = '' } = identity;
  const header = authorizeAs === '' ? 'n,,' : `n,a=${saslName(authorizeAs)},`;
  const clientFirst = `n=${saslName(userName)},r=${nonce}`;
  let expected: Buffer | null = null;
  let proved = false;

  const prove = (serverFirst: string): Buffer | null => {
    const first = readServerFirst(serverFirst, nonce);
    if (first === null) return null;
    const salted = pbkdf2Sync(secret.normalize('NFKC'), first.salt, first.rounds, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=${Buffer.from(header, 'utf8').toString('base64')},r=${first.nonce}`;
    const signed = `${clientFirst},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), signed);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    expected = hmac(hmac(salted, 'Server Key'), signed);
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`, 'utf8');
  };

  const verify = (serverFinal: string): Buffer | null => {
    const signature = Buffer.from(field(serverFinal, 'v') ?? '', 'base64');
    proved = expected !== null && signature.length === expected.length && timingSafeEqual(signature, expected);
    return proved ? Buffer.alloc(0) : null;
  };

  return {
    mechanism: 'SCRAM-SHA-256',
    initial: Buffer.from(header + clientFirst, 'utf8'),
    respond: (challenge) =>
      expected === null ? prove(challenge.toString('utf8')) : verify(challenge.toString('utf8')),
    serverIsProved: () => proved,
    tokenError: () => null,
  };
};
