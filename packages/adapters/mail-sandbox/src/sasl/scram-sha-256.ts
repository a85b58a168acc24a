import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { proofOf, type RunMechanism } from './mechanism.ts';
import { sameText } from './passwords.ts';

const iterations = 4096;

/** RFC 7677 without channel binding: the server stores nothing, it derives the keys from the account's password. */
export const runScramSha256: RunMechanism = async (exchange, accounts, initial) => {
  const first = initial ?? (await exchange.challenge(''));
  if (first === undefined) return { proved: false, because: 'cancelled' };
  const parsed =
    /^(?<header>[ny],(?:a=(?<authorizationId>[^,]*))?,)(?<bare>n=(?<name>[^,]+),r=(?<nonce>[!-+\--~]+).*)$/.exec(first);
  if (parsed?.groups === undefined) return { proved: false, because: 'malformed' };
  const { header = '', authorizationId = '', bare = '', name = '', nonce = '' } = parsed.groups;
  const userName = unescaped(name);

  const salt = randomBytes(16);
  const fullNonce = nonce + randomBytes(12).toString('base64url');
  const serverFirst = `r=${fullNonce},s=${salt.toString('base64')},i=${iterations}`;
  const final = await exchange.challenge(serverFirst);
  if (final === undefined) return { proved: false, because: 'cancelled' };
  const [withoutProof, proof] = final.split(/,p=(?=[^,]*$)/);
  const binding = `c=${Buffer.from(header).toString('base64')},r=${fullNonce}`;
  if (withoutProof === undefined || proof === undefined || withoutProof !== binding) {
    return { proved: false, because: 'malformed' };
  }

  const signed = `${bare},${serverFirst},${withoutProof}`;
  let serverSignature = '';
  const verdict = proofOf(
    accounts,
    userName,
    (account) => {
      const salted = pbkdf2Sync(account.password.normalize('NFKC'), salt, iterations, 32, 'sha256');
      const clientKey = hmac(salted, 'Client Key');
      const storedKey = createHash('sha256').update(clientKey).digest();
      const signature = hmac(storedKey, signed);
      serverSignature = hmac(hmac(salted, 'Server Key'), signed).toString('base64');
      return sameText(Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64'), proof);
    },
    unescaped(authorizationId),
  );
  if (!verdict.proved) return verdict;
  // The client answers the server's signature with an empty line before the final success.
  const acknowledged = await exchange.challenge(`v=${serverSignature}`);
  return acknowledged === undefined ? { proved: false, because: 'cancelled' } : verdict;
};

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const unescaped = (name: string): string => name.replaceAll('=2C', ',').replaceAll('=3D', '=');
