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

/** A login template that names an authorization identity (RFC 4616) instead of a login name. */
const authorizationTemplate = /^authzid=(.+)$/;

/** Whom to log in as. */
export interface LoginIdentity {
  readonly userName: string;
  /** Whom the account is to act for; empty: for itself. */
  readonly authorizeAs: string;
}

/**
 * Whom to log in as. With the credentials of a profile it has to lead to *this* mailbox: through the login template (a
 * login name, or `authzid={mailbox}` for an authorization identity), because the account is the mailbox's own, or,
 * where `isProvedLater`, by what comes after the login. Left (AuthorizationFailed) where none holds, so that one login
 * to the profile's account never makes every mailbox pass.
 */
export const loginIdentityOf = (check: Check, isProvedLater: boolean): E.Either<Failure, LoginIdentity> => {
  const { target, credentials } = check;
  const { userName } = credentials;
  const itself = E.right({ userName, authorizeAs: '' });
  if (!credentials.ofProfile) return itself;
  if (target.loginTemplate !== null) {
    const authorization = authorizationTemplate.exec(target.loginTemplate)?.[1];
    return E.right(
      authorization === undefined
        ? { userName: fillTemplate(target.loginTemplate, target, credentials), authorizeAs: '' }
        : { userName, authorizeAs: fillTemplate(authorization, target, credentials) },
    );
  }
  if (isProvedLater || isOwnAccount(userName, target.address)) return itself;
  return check.fail('AuthorizationFailed', { mailbox: target.address }, { phase: 'auth' });
};
