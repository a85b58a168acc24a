import type { FailureKind } from '@mailroom/domain';
import { isUnknownCommand, refineByWords } from './common-words.ts';
import type { Circumstances, Refusal } from './verdict.ts';

const loginCommands: ReadonlySet<string> = new Set(['USER', 'PASS', 'APOP', 'AUTH']);

/** Code AUTH (RFC 3206) is meant for credentials, but servers also send it about mechanisms and encryption. */
const underAuth = (words: string, { secured }: Circumstances): FailureKind => {
  const refined = refineByWords(words, (kind) => kind !== 'ServerTemporarilyUnavailable');
  return refined === 'PlaintextAuthRefused' && secured ? 'AuthMechanismUnsupported' : (refined ?? 'InvalidCredentials');
};

const underSystem = (refusal: Refusal, words: string, fallback: FailureKind): FailureKind => {
  const refined = refineByWords(words, (kind) => kind !== 'ServerTemporarilyUnavailable');
  if (refined !== null) return refined;
  const isAboutLogin = words === '' || /\b(auth|log[io]n|credential|password)/i.test(words);
  return fallback === 'ServerTemporarilyUnavailable' && refusal.phase === 'auth' && isAboutLogin
    ? 'AuthTemporarilyUnavailable'
    : fallback;
};

/** What an -ERR means (RFC 1939, 2449, 3206). */
export const pop3Verdict = (refusal: Refusal, words: string, circumstances: Circumstances): FailureKind => {
  switch (refusal.code) {
    case 'IN-USE':
      return 'MailboxInUse';
    case 'LOGIN-DELAY':
      return 'LoginDelay';
    case 'AUTH':
      return underAuth(words, circumstances);
    case 'SYS/TEMP':
      return underSystem(refusal, words, 'ServerTemporarilyUnavailable');
    case 'SYS/PERM':
      return underSystem(refusal, words, 'ServerBug');
    case null:
      break;
    default:
      return refineByWords(words) ?? 'Unknown';
  }
  if (refusal.phase === 'greeting') {
    return (
      refineByWords(words, (kind) => ['ConnectionLimit', 'Throttled', 'ServerTemporarilyUnavailable'].includes(kind)) ??
      'ServerRejectedConnection'
    );
  }
  if (refusal.phase === 'select' || refusal.phase === 'list')
    return refineByWords(words, (kind) => kind === 'MailboxInUse') ?? 'ListFailed';
  if (!loginCommands.has(refusal.command)) return refineByWords(words) ?? 'Unknown';
  if (isUnknownCommand(words)) return 'AuthMechanismUnsupported';
  // Without a code a refused login is a refused login, unless the words are about something else.
  return refineByWords(words) ?? 'InvalidCredentials';
};
