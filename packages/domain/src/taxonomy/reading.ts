import type { KindOfFailure } from './kind-of-failure.ts';

/** After the login: opening and listing the mailbox. */
export const readingKinds = {
  MailboxNotFound: {
    phase: 'select',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'folder',
    advice: 'The login works, but there is no folder {folder}. Check the folder or the folder template.',
  },
  MailboxAccessDenied: {
    phase: 'select',
    disposition: 'permanent',
    scope: 'mailbox',
    field: 'folder',
    advice:
      'The login works, but the account may not open or change the folder {folder}. Have the mail administrator grant the right.',
  },
  ClientIdRequired: {
    phase: 'select',
    disposition: 'permanent',
    scope: 'mailbox',
    field: null,
    advice:
      '{provider} opens the mailbox only to programs that it knows. Allow this program in the security settings of the account.',
  },
  ListFailed: {
    phase: 'list',
    disposition: 'uncertain',
    scope: 'mailbox',
    field: null,
    advice: 'The login works, but the server will not list the messages. Pass what it said on to the mail provider.',
  },
  UidlUnsupported: {
    phase: 'list',
    disposition: 'permanent',
    scope: 'profile',
    field: null,
    advice:
      '{host} cannot tell messages apart (no UIDL), so mail would be imported twice. Use IMAP in the profile, or ask the mail provider.',
  },
  TopUnsupported: {
    phase: 'list',
    disposition: 'warning',
    scope: 'profile',
    field: null,
    advice:
      '{host} cannot show the start of a message (no TOP). Everything works, but every message has to be fetched in full.',
  },
  MailboxOverQuota: {
    phase: 'select',
    disposition: 'warning',
    scope: 'mailbox',
    field: null,
    advice:
      'The mailbox is full or nearly full, and new mail may be sent back. Delete old messages, or ask for more space.',
  },
  DeletePolicyConflict: {
    phase: 'list',
    disposition: 'warning',
    scope: 'profile',
    field: null,
    advice:
      '{host} deletes messages once they have been fetched, whatever is asked for. Do not rely on copies that stay on the server.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
