import type { Behaviour } from '../behaviours/behaviour.ts';

/** A user of the sandbox. */
export interface Account {
  readonly userName: string;
  readonly password: string;
  /** OAuth access tokens that log this account in by XOAUTH2 or OAUTHBEARER. */
  readonly tokens?: readonly string[];
  /** The mailbox this account opens. */
  readonly address: string;
  /** Other addresses whose mail arrives in this mailbox. */
  readonly aliases?: readonly string[];
  /** Sender addresses beside its own; `*` for any. */
  readonly maySendAs?: readonly string[];
  /** User names or addresses this account may act for (authorization identity, `user*master` login); `*` for any. */
  readonly mayActFor?: readonly string[];
  /** How this account's logins and commands go wrong. */
  readonly behaviours?: readonly Behaviour[];
  /** Storage limit and use in KiB, shown by IMAP QUOTA. */
  readonly quota?: { readonly usedKiB: number; readonly limitKiB: number };
}

/** The accounts a set of servers shares; may be changed while they run. */
export interface Accounts {
  all(): readonly Account[];
  /** By user name, ignoring case. */
  find(userName: string): Account | undefined;
  /** By address or alias, ignoring case. */
  byAddress(address: string): Account | undefined;
  /** Adds an account or replaces the one with this user name. */
  set(account: Account): void;
  remove(userName: string): void;
}

/** A directory that holds `accounts` at first. */
export const createAccounts = (accounts: readonly Account[] = []): Accounts => {
  const byName = new Map(accounts.map((account) => [account.userName.toLowerCase(), account]));
  return {
    all: () => [...byName.values()],
    find: (userName) => byName.get(userName.toLowerCase()),
    byAddress: (address) => {
      const wanted = address.toLowerCase();
      return [...byName.values()].find(({ address: own, aliases = [] }) =>
        [own, ...aliases].some((candidate) => candidate.toLowerCase() === wanted),
      );
    },
    set: (account) => {
      byName.set(account.userName.toLowerCase(), account);
    },
    remove: (userName) => {
      byName.delete(userName.toLowerCase());
    },
  };
};

/** Whether `account` may open the mailbox of, and send as, `other`. */
export const mayActFor = (account: Account, other: Account): boolean => {
  const allowed = (account.mayActFor ?? []).map((name) => name.toLowerCase());
  return (
    account.userName.toLowerCase() === other.userName.toLowerCase() ||
    allowed.some(
      (name) => name === '*' || name === other.userName.toLowerCase() || name === other.address.toLowerCase(),
    )
  );
};

/** Whether `account` may use `address` as sender. */
export const maySendAs = (account: Account, address: string): boolean => {
  const wanted = address.toLowerCase();
  return (
    account.address.toLowerCase() === wanted ||
    (account.maySendAs ?? []).some((allowed) => allowed === '*' || allowed.toLowerCase() === wanted)
  );
};
