import { refusedLogin } from './refused-login.ts';

const refused = refusedLogin('imap');

/** IMAP logins that are refused although user name and password are right, in the words of the servers that do so. */
export const imapLoginBehaviours = [
  refused(
    'imap-credentials-dovecot',
    'InvalidCredentials',
    'the password is refused, as Dovecot says it',
    '{tag} NO [AUTHENTICATIONFAILED] Authentication failed.',
  ),
  refused(
    'imap-credentials-exchange',
    'InvalidCredentials',
    'the password is refused, as Exchange says it',
    '{tag} NO LOGIN failed.',
  ),
  refused(
    'imap-credentials-bare',
    'InvalidCredentials',
    'the password is refused without a response code',
    '{tag} NO Login failed: authentication failure',
  ),
  refused(
    'imap-credentials-gmail',
    'InvalidCredentials',
    'the password is refused, as Gmail says it',
    '{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)',
  ),
  refused(
    'imap-app-password-gmail',
    'AppPasswordRequired',
    'Gmail wants an app password',
    '{tag} NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
  ),
  refused('imap-web-login-gmail', 'WebLoginRequired', 'Gmail wants a login in the browser first', [
    '* NO [WEBALERT https://accounts.google.com/signin/continue?sarp=1] Web login required.',
    '{tag} NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)',
  ]),
  refused(
    'imap-basic-auth-outlook',
    'BasicAuthDisabled',
    'Microsoft 365: basic authentication is blocked',
    '{tag} NO [AUTHENTICATIONFAILED] AUTHENTICATE failed. Error="AuthFailed:LogonDenied-BasicAuthBlocked"',
  ),
  refused(
    'imap-disabled-gmail',
    'ProtocolDisabledForAccount',
    'Gmail: IMAP is switched off for the account',
    '{tag} NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)',
  ),
  refused(
    'imap-disabled-workspace',
    'ProtocolDisabledForAccount',
    'Google Workspace: IMAP is switched off for the domain',
    '{tag} NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)',
  ),
  refused(
    'imap-disabled-zoho',
    'ProtocolDisabledForAccount',
    'Zoho: IMAP is not switched on yet',
    '{tag} NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator (Failure)',
  ),
  refused(
    'imap-locked',
    'AccountLocked',
    'the account is locked',
    '{tag} NO [AUTHENTICATIONFAILED] Account is locked.',
  ),
  refused(
    'imap-disabled-account',
    'AccountDisabled',
    'the account is disabled',
    '{tag} NO [AUTHENTICATIONFAILED] This account has been disabled.',
  ),
  refused(
    'imap-password-expired',
    'PasswordExpired',
    'the password has expired (RFC 5530)',
    '{tag} NO [EXPIRED] Password expired.',
  ),
  refused(
    'imap-authorization-failed',
    'AuthorizationFailed',
    'logged in, but not allowed to open the mailbox (RFC 5530)',
    '{tag} NO [AUTHORIZATIONFAILED] Authorization failed',
  ),
  refused(
    'imap-conditional-access',
    'ConditionalAccessBlocked',
    'Microsoft 365: Conditional Access',
    '{tag} NO [AUTHENTICATIONFAILED] AUTHENTICATE failed. AADSTS53003: Access has been blocked by Conditional Access policies.',
  ),
  refused(
    'imap-contact-administrator',
    'ContactAdministrator',
    'the server sends the user to its administrator (RFC 5530)',
    '{tag} NO [CONTACTADMIN] Please contact your system administrator.',
  ),
  refused(
    'imap-auth-unavailable',
    'AuthTemporarilyUnavailable',
    'logins cannot be checked now (RFC 5530)',
    '{tag} NO [UNAVAILABLE] Temporary authentication failure.',
  ),
  refused(
    'imap-too-many-logins',
    'TooManyLogins',
    'the server counts logins (RFC 5530)',
    '{tag} NO [LIMIT] Too many login attempts, please try again later.',
  ),
  refused(
    'imap-throttled-outlook',
    'Throttled',
    'Outlook names its back-off time',
    '{tag} BAD Request is throttled. Suggested Backoff Time: 2000 milliseconds',
  ),
  refused(
    'imap-throttled-yahoo',
    'Throttled',
    'Yahoo limits the rate',
    '{tag} NO [LIMIT] AUTHENTICATE Rate limit hit.',
  ),
  refused(
    'imap-throttled-gmail',
    'Throttled',
    'Gmail limits commands and bandwidth',
    '{tag} NO [ALERT] Account exceeded command or bandwidth limits. (Failure)',
  ),
  refused(
    'imap-connection-limit-dovecot',
    'ConnectionLimit',
    'Dovecot allows no more connections of this user',
    '{tag} NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
  ),
  refused(
    'imap-connection-limit-bye',
    'ConnectionLimit',
    'no more connections, said with BYE',
    '* BYE Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    'close',
  ),
  refused(
    'imap-connection-limit-gmail',
    'ConnectionLimit',
    'Gmail allows fifteen connections',
    '{tag} NO [ALERT] Too many simultaneous connections. (Failure)',
  ),
  refused(
    'imap-in-use',
    'MailboxInUse',
    'another program holds the mailbox (RFC 5530)',
    '{tag} NO [INUSE] Mailbox in use',
  ),
  refused(
    'imap-temporarily-unavailable',
    'ServerTemporarilyUnavailable',
    'the server shuts down at the login',
    '* BYE Server shutting down.',
    'close',
  ),
  refused(
    'imap-server-bug',
    'ServerBug',
    'an internal fault of the server (RFC 5530)',
    '{tag} NO [SERVERBUG] Internal error occurred. Refer to server log for more information.',
  ),
  refused(
    'imap-corruption',
    'ServerBug',
    'the mail storage is damaged (RFC 5530)',
    '{tag} NO [CORRUPTION] Mailbox index is corrupted',
  ),
  refused(
    'imap-client-bug',
    'ClientBug',
    'the server does not understand the login',
    '{tag} BAD [CLIENTBUG] Error in IMAP command received by server.',
  ),
  refused(
    'imap-unknown',
    'Unknown',
    'words that no table knows',
    '{tag} NO [X-FLUX] The flux capacitor is out of alignment',
  ),
] as const;
