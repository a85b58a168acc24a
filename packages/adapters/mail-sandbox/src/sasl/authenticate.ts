import type { Accounts } from '../accounts/account.ts';
import { type Exchange, type Mechanism, mechanisms, type Proof, type RunMechanism } from './mechanism.ts';
import { runCramMd5, runLogin, runPlain } from './passwords.ts';
import { runScramSha256 } from './scram-sha-256.ts';
import { runOauthbearer, runXoauth2 } from './tokens.ts';

const runs: Readonly<Record<Mechanism, RunMechanism>> = {
  PLAIN: runPlain,
  LOGIN: runLogin,
  'CRAM-MD5': runCramMd5,
  'SCRAM-SHA-256': runScramSha256,
  XOAUTH2: runXoauth2,
  OAUTHBEARER: runOauthbearer,
};

/** The mechanism of this name in any case, when it is one of those offered. */
export const offeredMechanism = (name: string, offered: readonly Mechanism[]): Mechanism | undefined =>
  mechanisms.find((mechanism) => mechanism === name.toUpperCase() && offered.includes(mechanism));

/** Mechanisms that send the password itself: refused before TLS on a server that wants TLS. */
export const sendsPassword = (mechanism: Mechanism): boolean =>
  mechanism !== 'CRAM-MD5' && mechanism !== 'SCRAM-SHA-256';

/** Runs one mechanism to its verdict. */
export const authenticate = (
  mechanism: Mechanism,
  exchange: Exchange,
  accounts: Accounts,
  initial: string | undefined,
): Promise<Proof> => runs[mechanism](exchange, accounts, initial);
