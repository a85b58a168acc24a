import { proofOf, type Exchange, type Proof, type RunMechanism } from './mechanism.ts';
import { sameText } from './passwords.ts';
import type { Account, Accounts } from '../accounts/account.ts';

/** Both mechanisms divide what they send by this character. */
const divider = String.fromCharCode(1);

/** Google's and Microsoft's mechanism: `user=…^Aauth=Bearer …^A^A`. */
export const runXoauth2: RunMechanism = async (exchange, accounts, initial) => {
  const response = initial ?? (await exchange.challenge(''));
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const [user = '', auth = '', ...end] = response.split(divider);
  if (!/^user=/i.test(user) || !bearer.test(auth) || end.join('|') !== '|')
    return { proved: false, because: 'malformed' };
  return verdict(exchange, accounts, auth.replace(bearer, ''), user.slice('user='.length));
};

/** RFC 7628: a GS2 header with the authorization identity, then fields, one of them `auth=Bearer …`. */
export const runOauthbearer: RunMechanism = async (exchange, accounts, initial) => {
  const response = initial ?? (await exchange.challenge(''));
  if (response === undefined) return { proved: false, because: 'cancelled' };
  const [header = '', ...fields] = response.split(divider);
  const parsed = /^[ny],(?:a=([^,]*))?,$/.exec(header);
  const auth = fields.find((field) => bearer.test(field));
  if (parsed === null || auth === undefined || fields.slice(-2).join('') !== '') {
    return { proved: false, because: 'malformed' };
  }
  const named = (parsed[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
  return verdict(exchange, accounts, auth.replace(bearer, ''), named);
};

const bearer = /^auth=Bearer /i;

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
