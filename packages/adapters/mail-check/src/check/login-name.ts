import { EmailAddress, type Failure, type ProbeCredentials, type ProbeTarget, sameAddressKey } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Check } from './check.ts';

/** Whether a user name is the mailbox's own address: letter case aside, as providers compare. */
const isOwnAccount = (userName: string, address: EmailAddress): boolean =>
  EmailAddress.is(userName) && sameAddressKey(userName) === sameAddressKey(address);

/** Puts mailbox and account into a template such as `{mailbox}*{user}`. */
export const fillTemplate = (template: string, target: ProbeTarget, credentials: ProbeCredentials): string =>
  template.replace(/\{(mailbox|user)\}/g, (_, name: string) =>
    name === 'mailbox' ? target.address : credentials.userName,
  );

/**
 * The name to log in with. With the credentials of a profile it has to open *this* mailbox: through the login
 * template, or because the account is the mailbox's own. Left (AuthorizationFailed) where neither holds, so that one
 * login to the profile's account never makes every mailbox pass.
 */
export const loginNameOf = (check: Check): E.Either<Failure, string> => {
  const { target, credentials } = check;
  if (!credentials.ofProfile) return E.right(credentials.userName);
  if (target.loginTemplate !== null) return E.right(fillTemplate(target.loginTemplate, target, credentials));
  if (isOwnAccount(credentials.userName, target.address)) return E.right(credentials.userName);
  return check.fail('AuthorizationFailed', { mailbox: target.address }, { phase: 'auth' });
};
