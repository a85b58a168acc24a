import { refusedLogin } from './refused-login.ts';

const refused = refusedLogin('pop3');

/** POP3 logins that are refused although user name and password are right, in the words of the servers that do so. */
export const pop3LoginBehaviours = [
  refused(
    'pop3-credentials-dovecot',
    'InvalidCredentials',
    'the password is refused, as Dovecot says it',
    '-ERR [AUTH] Authentication failed.',
  ),
  refused(
    'pop3-credentials-bare',
    'InvalidCredentials',
    'the password is refused without a response code',
    '-ERR authorization failed',
  ),
  refused('pop3-credentials-silent-words', 'InvalidCredentials', 'the password is refused without a word', '-ERR'),
  refused(
    'pop3-credentials-gmail',
    'InvalidCredentials',
    'the password is refused, as Gmail says it',
    '-ERR [AUTH] Username and password not accepted.',
  ),
  refused(
    'pop3-app-password-gmail',
    'AppPasswordRequired',
    'Gmail wants an app password',
    '-ERR [AUTH] Application-specific password required: https://support.google.com/accounts/answer/185833',
  ),
  refused(
    'pop3-web-login-gmail',
    'WebLoginRequired',
    'Gmail wants a login in the browser first',
    '-ERR [AUTH] Web login required: https://support.google.com/mail/answer/78754',
  ),
  refused(
    'pop3-basic-auth-outlook',
    'BasicAuthDisabled',
    'Microsoft 365: basic authentication is blocked',
    '-ERR Logon failure: unknown user name or bad password. Error="AuthFailed:LogonDenied-BasicAuthBlocked"',
  ),
  refused(
    'pop3-disabled-gmail',
    'ProtocolDisabledForAccount',
    'Gmail: POP is switched off for the account',
    '-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your Gmail settings page and enable your account for POP access.',
  ),
  refused('pop3-locked', 'AccountLocked', 'the account is locked', '-ERR [AUTH] Account is locked.'),
  refused(
    'pop3-disabled-account',
    'AccountDisabled',
    'the account is disabled',
    '-ERR [SYS/PERM] This account has been disabled.',
  ),
  refused('pop3-password-expired', 'PasswordExpired', 'the password has expired', '-ERR [AUTH] Password expired.'),
  refused(
    'pop3-conditional-access',
    'ConditionalAccessBlocked',
    'Microsoft 365: Conditional Access',
    '-ERR [AUTH] Authentication failure. AADSTS53003: Access has been blocked by Conditional Access policies.',
  ),
  refused(
    'pop3-auth-unavailable',
    'AuthTemporarilyUnavailable',
    'logins cannot be checked now (RFC 3206)',
    '-ERR [SYS/TEMP] Temporary authentication failure.',
  ),
  refused(
    'pop3-too-many-logins',
    'TooManyLogins',
    'the server counts logins',
    '-ERR [SYS/TEMP] Too many login attempts, please try again later.',
  ),
  refused(
    'pop3-throttled-gmail',
    'Throttled',
    'Gmail limits commands and bandwidth',
    '-ERR [SYS/TEMP] Account exceeded command or bandwidth limits.',
  ),
  refused(
    'pop3-login-delay',
    'LoginDelay',
    'logins come too often (RFC 2449)',
    '-ERR [LOGIN-DELAY] Minimum time between mail checks violation, please wait 300 seconds.',
  ),
  refused(
    'pop3-connection-limit',
    'ConnectionLimit',
    'Dovecot allows no more connections of this user',
    '-ERR [SYS/TEMP] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
  ),
  refused(
    'pop3-in-use',
    'MailboxInUse',
    'another program holds the maildrop (RFC 2449)',
    '-ERR [IN-USE] Do you have another POP session running?',
  ),
  refused(
    'pop3-locked-maildrop',
    'MailboxInUse',
    'the maildrop is locked, without a response code',
    '-ERR maildrop already locked',
  ),
  refused(
    'pop3-temporarily-unavailable',
    'ServerTemporarilyUnavailable',
    'the server has a temporary trouble that is not the login (RFC 3206)',
    '-ERR [SYS/TEMP] Mail storage is unavailable at the moment.',
  ),
  refused(
    'pop3-server-bug',
    'ServerBug',
    'an internal fault that does not pass (RFC 3206)',
    '-ERR [SYS/PERM] Internal error occurred. Refer to server log for more information.',
  ),
  refused(
    'pop3-unknown',
    'Unknown',
    'words that no table knows',
    '-ERR [X-FLUX] The flux capacitor is out of alignment',
  ),
] as const;
