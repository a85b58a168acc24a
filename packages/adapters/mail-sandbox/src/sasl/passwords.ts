import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { proofOf, type RunMechanism } from './mechanism.ts';

/** RFC 4616: authorization identity, user name and password, separated by NUL. */
export const runPlain: RunMechanism = async (exchange, accounts, initial) => {
  const response = initial ?? (await exchange.challenge(''));
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const [authorizationId, userName, password, ...more] = response.split('\0');
  if (authorizationId === undefined || userName === undefined || password === undefined || more.length > 0) {
    return { proved: false, because: 'malformed' };
  }
  return proofOf(accounts, userName, (account) => account.password === password, authorizationId);
};

/** The two prompts every client knows; not an RFC. */
export const runLogin: RunMechanism = async (exchange, accounts, initial) => {
  const userName = initial ?? (await exchange.challenge('Username:'));
  if (userName === undefined) return { proved: false, because: 'cancelled' };
  const password = await exchange.challenge('Password:');
  if (password === undefined) return { proved: false, because: 'cancelled' };
  return proofOf(accounts, userName, (account) => account.password === password);
};

/** RFC 2195: the user name and the keyed digest of the challenge. */
export const runCramMd5: RunMechanism = async (exchange, accounts) => {
  const challenge = `<${randomBytes(8).toString('hex')}.${Date.now()}@${exchange.hostName}>`;
  const response = await exchange.challenge(challenge);
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const space = response.lastIndexOf(' ');
  if (space < 0) return { proved: false, because: 'malformed' };
  const digest = response.slice(space + 1).toLowerCase();
  return proofOf(accounts, response.slice(0, space), (account) =>
    sameText(createHmac('md5', account.password).update(challenge).digest('hex'), digest),
  );
};

/** Compares without telling by time how much was right. */
export const sameText = (left: string, right: string): boolean => {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
};
