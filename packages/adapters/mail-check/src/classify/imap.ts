import type { FailureKind } from '@mailroom/domain';
import { isUnknownCommand, refineByWords } from './common-words.ts';
import type { Circumstances, Refusal } from './verdict.ts';

/** Response codes with one meaning (RFC 5530, RFC 9051 section 7.1). */
const byCode: ReadonlyMap<string, FailureKind> = new Map<string, FailureKind>(
  Object.entries({
    AUTHORIZATIONFAILED: 'AuthorizationFailed',
    EXPIRED: 'PasswordExpired',
    PRIVACYREQUIRED: 'PlaintextAuthRefused',
    CONTACTADMIN: 'ContactAdministrator',
    INUSE: 'MailboxInUse',
    SERVERBUG: 'ServerBug',
    CORRUPTION: 'ServerBug',
    CLIENTBUG: 'ClientBug',
    BADCHARSET: 'ClientBug',
    NONEXISTENT: 'MailboxNotFound',
    TRYCREATE: 'MailboxNotFound',
    NOPERM: 'MailboxAccessDenied',
    'READ-ONLY': 'MailboxAccessDenied',
    OVERQUOTA: 'MailboxOverQuota',
  }),
);

const isLimit = (kind: FailureKind): boolean =>
  ['ConnectionLimit', 'TooManyLogins', 'Throttled', 'ServerTemporarilyUnavailable'].includes(kind);

/** While opening a folder the words are about the folder, and no code is common (Dovecot 2.3 sends none). */
const whileSelecting = (words: string, code: string | null): FailureKind => {
  if (code === 'CANNOT') return 'MailboxAccessDenied';
  const refined = refineByWords(words, (kind) => isLimit(kind) || kind === 'MailboxInUse');
  if (refined !== null) return refined;
  if (/(doesn't|does not|no such|not) (exist|found|mailbox|folder)|unknown mailbox/i.test(words))
    return 'MailboxNotFound';
  if (/permission|access denied|not (permitted|allowed)/i.test(words)) return 'MailboxAccessDenied';
  return 'Unknown';
};

/** What NO, BAD or BYE means. Codes come before words, words before the bare fact that a login was refused. */
export const imapVerdict = (refusal: Refusal, words: string, { secured }: Circumstances): FailureKind => {
  const { code, phase, status } = refusal;
  const known = code === null ? undefined : byCode.get(code);
  if (known !== undefined) return known;
  if (code === 'UNAVAILABLE') {
    const refined = refineByWords(words, (kind) => kind === 'ConnectionLimit' || kind === 'Throttled');
    return refined ?? (phase === 'auth' ? 'AuthTemporarilyUnavailable' : 'ServerTemporarilyUnavailable');
  }
  if (status === 'BYE') {
    const fallback = phase === 'greeting' ? 'ServerRejectedConnection' : 'ServerTemporarilyUnavailable';
    return refineByWords(words, isLimit) ?? fallback;
  }
  if (code === 'LIMIT') return refineByWords(words, isLimit) ?? 'Throttled';
  if (phase === 'greeting') return 'ServerRejectedConnection';
  if (phase === 'select') return whileSelecting(words, code);
  if (phase === 'list') return refineByWords(words, isLimit) ?? 'ListFailed';
  if (phase !== 'auth') return status === 'BAD' ? 'ClientBug' : (refineByWords(words) ?? 'Unknown');

  const refined = refineByWords(words);
  if (refined === 'PlaintextAuthRefused' && secured) return 'AuthMechanismUnsupported';
  if (refined !== null) return refined;
  if (code === 'CANNOT') return 'AuthMechanismUnsupported';
  if (code === 'AUTHENTICATIONFAILED') return 'InvalidCredentials';
  if (status === 'BAD') return isUnknownCommand(words) ? 'AuthMechanismUnsupported' : 'ClientBug';
  return code === null || code === 'ALERT' ? 'InvalidCredentials' : 'Unknown';
};
