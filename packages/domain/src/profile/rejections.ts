import { type RejectionOf, rejectionsOf } from '../kernel/rejection.ts';

/** Every way the domain can turn a profile command down, with the sentence for people. */
export const reject = rejectionsOf({
  ProfileNotFound: 'There is no email server profile {profileId}. Choose another one.',
  ProfileAlreadyExists:
    'The email server profile {profileId} exists already, with other settings. Change it instead of creating it again.',
  LocationMissing: 'A profile needs an incoming or an outgoing server. Give the host name of at least one.',
  HostMissing: 'The {channel} server has no location. Give its host name, such as mail.example.org.',
  AnonymousNotValid:
    'Without credentials (anonymous) is not a valid setting. Choose the credentials of each mailbox or of the profile.',
  WindowsIntegratedNotForIncoming:
    'Windows Integrated Authentication applies to outgoing SMTP only. Choose other credentials for incoming email.',
  WindowsIntegratedNotAllowed:
    'This installation does not allow Windows Integrated Authentication. Choose the credentials of each mailbox or of the profile.',
  ProfileCredentialsNotAllowed:
    'This installation does not allow the credentials of a profile for incoming email. Use the credentials of each mailbox.',
  DirectoryAuthenticationNotForIncoming:
    'Negotiate and NTLM apply to outgoing SMTP only. Choose Auto Detect, Basic or OAuth for incoming email.',
  DirectoryAuthenticationNotAllowed:
    'This installation does not allow Negotiate or NTLM. Choose Auto Detect, Basic or OAuth.',
  AuthenticationDoesNotFit:
    'The authentication protocol "{authentication}" does not go with the credentials "{credentials}". Choose Auto Detect, or one that fits.',
  BasicAuthenticationUnencrypted:
    'Basic authentication without encryption would send the password in clear. Choose TLS or STARTTLS.',
  EncryptionRequired: 'This installation allows encrypted connections only. Choose TLS or STARTTLS.',
  PortNotAllowed: 'Port {port} is closed in this installation. Choose one that is open: {allowed}.',
  NoPermittedPort:
    'None of the usual ports of {protocol} with {tls} is open in this installation. Choose one that is open: {allowed}.',
  OutgoingFollowsIncoming:
    'Outgoing email uses the credential settings of incoming email. Switch "use same settings for outgoing" off to give others.',
  TemplateNotValid:
    'A {template} has at most 250 characters, contains {needed}, and has nothing in braces but {allowed}. Correct it.',
  TemplateNeedsProfileCredentials:
    'A {template} has a meaning only with the credentials of the profile. Choose those, or leave it out.',
  FolderTemplateNeedsImap: 'A folder template needs IMAP: POP3 knows no folders. Leave it out.',
  SecretsReuseNotPermitted:
    'Letting the stored passwords of mailboxes go to another host needs the privilege secrets.reuse, which you do not have. Ask your administrator, or let the mailboxes enter their passwords again.',
  CredentialsNotUsed:
    'The {channel} connection does not use credentials of the profile. Choose "credentials specified in the profile" first.',
  CredentialsOverInsecureChannel:
    'User name and password are not accepted over a connection that is not encrypted. Use HTTPS, or have the operator allow it.',
  SecretOutdated: 'Somebody else has set these credentials at the same time. Set them again.',
  ProfileHasMailboxes: 'There are {mailboxes} mailboxes on this profile. Move them first, or delete it with force.',
  ProfileIsDefault: 'This is the default profile of the organization. Choose another default profile first.',
});

export type Rejection = RejectionOf<typeof reject>;
