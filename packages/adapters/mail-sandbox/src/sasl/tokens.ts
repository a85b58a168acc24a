import { proofOf, type Exchange, type Proof, type RunMechanism } from './mechanism.ts';
import { sameText } from './passwords.ts';
import type { Account, Accounts } from '../accounts/account.ts';

/** Google's and Microsoft's mechanism: `user=…^Aauth=Bearer …^A^A`. */
export const runXoauth2: RunMechanism = async (exchange, accounts, initial) => {
  const response = initial ?? (await exchange.challenge(''));
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const parsed = /^user=(?<user>[^\x01]*)\x01auth=Bearer (?<token>[^\x01]*)\x01\x01$/i.exec(response);
  if (parsed?.groups === undefined) return { proved: false, because: 'malformed' };
  return verdict(exchange, accounts, parsed.groups['token'] ?? '', parsed.groups['user'] ?? '');
};

/** RFC 7628: a GS2 header with the authorization identity, then `auth=Bearer …`. */
export const runOauthbearer: RunMechanism = async (exchange, accounts, initial) => {
  const response = initial ?? (await exchange.challenge(''));
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const parsed =
    /^[ny],(?:a=(?<user>[^,]*))?,\x01(?:[^\x01]+\x01)*?auth=Bearer (?<token>[^\x01]*)\x01(?:[^\x01]+\x01)*\x01$/i.exec(
      response,
    );
  if (parsed?.groups === undefined) return { proved: false, because: 'malformed' };
  const named = (parsed.groups['user'] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
  return verdict(exchange, accounts, parsed.groups['token'] ?? '', named);
};

/** The token says who logs in; the name beside it says whose mailbox is wanted. */
const verdict = async (exchange: Exchange, accounts: Accounts, token: string, named: string): Promise<Proof> => {
  const matches = (account: Account): boolean => holds(account.tokens, token);
  const claimed = accounts.find(named);
  const holder = claimed !== undefined && matches(claimed) ? claimed : accounts.all().find(matches);
  const proof =
    holder === undefined
      ? proofOf(accounts, named, () => false, '', 'token')
      : proofOf(accounts, holder.userName, matches, named, 'token');
  // A refused token is explained in one more challenge, which the client answers with nothing.
  if (!proof.proved) await exchange.challenge(JSON.stringify(exchange.tokenError));
  return proof;
};

const holds = (tokens: readonly string[] | undefined, token: string): boolean =>
  (tokens ?? []).some((known) => sameText(known, token));
