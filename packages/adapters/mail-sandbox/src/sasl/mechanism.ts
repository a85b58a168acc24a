import type { Account, Accounts } from '../accounts/account.ts';

/** The mechanisms the sandbox really verifies; POP3's APOP and USER/PASS and IMAP's LOGIN are commands of their own. */
export const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER'] as const;

/** A SASL mechanism of the sandbox. */
export type Mechanism = (typeof mechanisms)[number];

/** The server's side of an exchange, over any protocol. */
export interface Exchange {
  /** Sends a challenge (the protocol encodes it) and gives the answer; `undefined` when the peer cancelled or is gone. */
  challenge(data: string): Promise<string | undefined>;
  /** The mail host's name, in challenges. */
  readonly hostName: string;
  /** What a refused token is answered with before the final refusal, as RFC 7628 and XOAUTH2 say. */
  readonly tokenError: Readonly<Record<string, string>>;
}

/** What the client proved. */
export type Proof =
  | {
      readonly proved: true;
      readonly account: Account;
      /** The account whose mailbox is wanted; null when there is none of that name. */
      readonly actsFor: Account | null;
    }
  | {
      readonly proved: false;
      readonly because: 'credentials' | 'token' | 'cancelled' | 'malformed';
      /** The account of the name that was claimed, when there is one. */
      readonly claimed?: Account | undefined;
      readonly userName?: string;
    };

/** One mechanism: runs its exchange, starting with the initial response if the client sent one. */
export type RunMechanism = (exchange: Exchange, accounts: Accounts, initial: string | undefined) => Promise<Proof>;

/** What a user name means: `ada*master` asks for the mailbox of ada with the password of master. */
const claimOf = (
  accounts: Accounts,
  userName: string,
  authorizationId = '',
): { readonly account: Account | undefined; readonly actsFor: Account | null | undefined } => {
  const star = userName.lastIndexOf('*');
  if (accounts.find(userName) === undefined && star > 0) {
    return claimOf(accounts, userName.slice(star + 1), userName.slice(0, star));
  }
  const account = accounts.find(userName);
  if (authorizationId === '') return { account, actsFor: account };
  return { account, actsFor: accounts.find(authorizationId) ?? accounts.byAddress(authorizationId) ?? null };
};

/** The proof for a claim whose secret was compared. */
export const proofOf = (
  accounts: Accounts,
  userName: string,
  matches: (account: Account) => boolean,
  authorizationId = '',
  because: 'credentials' | 'token' = 'credentials',
): Proof => {
  const { account, actsFor } = claimOf(accounts, userName, authorizationId);
  if (account !== undefined && matches(account)) return { proved: true, account, actsFor: actsFor ?? null };
  return { proved: false, because, claimed: account, userName };
};
