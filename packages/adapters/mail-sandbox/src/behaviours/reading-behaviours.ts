import { refusedCommand } from './refused-command.ts';

const imap = refusedCommand('imap');
const pop3 = refusedCommand('pop3');
const opening = ['SELECT', 'EXAMINE'] as const;

/** Servers that let an account log in and then do not let it read, in their own words. */
export const readingBehaviours = [
  imap(
    opening,
    'imap-folder-missing',
    'MailboxNotFound',
    'the folder does not exist (RFC 5530)',
    "{tag} NO [NONEXISTENT] Mailbox doesn't exist",
  ),
  imap(
    opening,
    'imap-folder-missing-no-code',
    'MailboxNotFound',
    'the same, as Dovecot 2.3 says it',
    "{tag} NO Mailbox doesn't exist: INBOX",
  ),
  imap(
    opening,
    'imap-folder-trycreate',
    'MailboxNotFound',
    'the folder would have to be made',
    '{tag} NO [TRYCREATE] No such mailbox',
  ),
  imap(
    opening,
    'imap-folder-no-permission',
    'MailboxAccessDenied',
    'the folder may not be opened (RFC 5530)',
    '{tag} NO [NOPERM] Permission denied',
  ),
  imap(
    opening,
    'imap-folder-cannot',
    'MailboxAccessDenied',
    'the folder can never be opened (RFC 5530)',
    '{tag} NO [CANNOT] This folder cannot be selected',
  ),
  imap(
    opening,
    'imap-unsafe-login-163',
    'ClientIdRequired',
    'NetEase wants to know the program first',
    '{tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help',
  ),
  imap(
    opening,
    'imap-folder-unavailable',
    'ServerTemporarilyUnavailable',
    'the storage of the folder is down',
    '{tag} NO [UNAVAILABLE] Mail storage is temporarily unavailable',
  ),
  imap(
    opening,
    'imap-folder-in-use',
    'MailboxInUse',
    'another program holds the folder (RFC 5530)',
    '{tag} NO [INUSE] Mailbox in use',
  ),
  imap('STATUS', 'imap-status-fails', 'ListFailed', 'STATUS is refused', '{tag} NO STATUS failed'),
  imap(
    ['STORE', 'UID STORE'],
    'imap-cleanup-fails',
    'CleanupFailed',
    'nothing can be deleted',
    '{tag} NO [NOPERM] Permission denied',
    { needs: ['roundTrip'] },
  ),
  pop3('STAT', 'pop3-stat-fails', 'ListFailed', 'STAT is refused', '-ERR cannot open the maildrop'),
  pop3(
    ['STAT', 'LIST', 'UIDL'],
    'pop3-storage-unavailable',
    'ServerTemporarilyUnavailable',
    'the storage of the maildrop is down (RFC 3206)',
    '-ERR [SYS/TEMP] Mail storage is temporarily unavailable',
  ),
  pop3('DELE', 'pop3-cleanup-fails', 'CleanupFailed', 'nothing can be deleted', '-ERR deletion is not allowed', {
    needs: ['roundTrip'],
  }),
] as const;
