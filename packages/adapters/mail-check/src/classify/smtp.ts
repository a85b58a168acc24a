import type { FailureKind } from '@mailroom/domain';
import { isUnknownCommand, refineByWords } from './common-words.ts';
import type { Circumstances, Refusal } from './verdict.ts';

/** X.Y.Z without its first digit, which lies too often (RFC 3463). */
const detailOf = (code: string | null): string => code?.replace(/^\d\./, '') ?? '';

const isPassing = (kind: FailureKind): boolean =>
  ['ConnectionLimit', 'TooManyLogins', 'Throttled', 'ServerTemporarilyUnavailable'].includes(kind);

const atGreeting = (words: string, reply: number): FailureKind => {
  const refined = refineByWords(words, isPassing);
  if (refined !== null) return refined;
  // 421 is also how a server ends a connection that it does not want at all.
  const isTurnedAway = /not (accept|allow|permit)|denied|reject|refus|block|banned|blacklist/i.test(words);
  return reply === 421 && !isTurnedAway ? 'ServerTemporarilyUnavailable' : 'ServerRejectedConnection';
};

/** Answers to AUTH (RFC 4954 section 6, RFC 5248). */
const atLogin = (reply: number, detail: string, words: string, secured: boolean): FailureKind => {
  if (reply === 432 && detail === '7.12') return 'PasswordExpired';
  if (reply === 525 || (reply === 550 && detail === '2.1')) return 'AccountDisabled';
  if (reply === 538 || reply === 523) return secured ? 'AuthMechanismUnsupported' : 'PlaintextAuthRefused';
  const refined = refineByWords(words);
  if (refined === 'PlaintextAuthRefused' && secured) return 'AuthMechanismUnsupported';
  if (refined !== null && !(refined === 'ServerTemporarilyUnavailable' && reply >= 430 && reply < 460)) return refined;
  if (reply === 530) return secured ? 'AuthRequiredToSend' : 'PlaintextAuthRefused';
  if (reply === 421)
    return /auth|log[io]n/i.test(words) ? 'AuthTemporarilyUnavailable' : 'ServerTemporarilyUnavailable';
  if (reply === 450) return 'Throttled';
  if (reply >= 400 && reply < 500) return 'AuthTemporarilyUnavailable';
  if (reply === 504 || (reply === 534 && !isUnknownCommand(words))) return 'AuthMechanismUnsupported';
  if (reply === 502 || reply === 503) return 'AuthNotOffered';
  if (reply === 500 || reply === 501) return 'ClientBug';
  if (reply === 535) return detail === '7.1' ? 'AuthorizationFailed' : 'InvalidCredentials';
  if (reply === 554 || detail.startsWith('3.')) return 'ServerBug';
  return 'Unknown';
};

const isRelay = (words: string): boolean =>
  /relay(ing)?\b.{0,30}(denied|not (permitted|allowed)|access|prohibited|disallowed)|unable to relay|allowed rcpthosts/i.test(
    words,
  );
const isReputation = (words: string): boolean =>
  /block(ed)? (using|by|list)|blacklist|reputation|spamhaus|spf\b|dkim|dmarc|unauthenticated email|spam/i.test(words);
const isOwnership = (words: string): boolean =>
  /not owned by|not (allowed|permitted|authori[sz]ed) to (send|use)|sender address (is )?not allowed|not one of your addresses|send ?as ?denied|send (mail )?as (this|that)/i.test(
    words,
  );

/** Answers to MAIL FROM, RCPT TO and to the message itself. */
const whileSending = (phase: string, reply: number, code: string | null, words: string): FailureKind => {
  const detail = detailOf(code);
  if (detail === '7.30') return 'BasicAuthDisabled';
  if (/SendAsDenied/i.test(words) || detail === '7.60' || detail === '2.252') return 'SendAsDenied';
  if (isOwnership(words)) return 'SenderNotOwned';
  if (isRelay(words) || detail === '7.54') return 'RelayDenied';
  if (reply === 530 || detail === '7.57' || /authenticat(e|ion) (is )?required|must authenticate/i.test(words))
    return 'AuthRequiredToSend';
  if (
    detail === '4.5' ||
    detail === '7.28' ||
    /(sending|send|daily|message|mail|recipient)\w* (\w+ )?(limit|quota) (\w+ )?(exceeded|reached)|reached your (\w+ )?limit/i.test(
      words,
    )
  )
    return 'SendQuotaExceeded';
  if (/gr[ea]y-?list|postgrey/i.test(words)) return 'Greylisted';
  if (reply < 500 && phase === 'rcptTo' && /try (again )?later/i.test(words) && /^[27]\./.test(detail))
    return 'Greylisted';
  if (detail === '3.4' || reply === 523) return 'MessageTooLarge';
  if (detail === '2.2' || reply === 552) return 'MailboxFullRemote';
  const refined = refineByWords(words, (kind) => isPassing(kind) && kind !== 'ServerTemporarilyUnavailable');
  if (refined !== null) return refined;
  if (reply === 421) return 'ServerTemporarilyUnavailable';
  if (isReputation(words) || detail === '7.26' || detail === '7.708' || reply === 571) return 'ReputationBlocked';
  if (phase === 'data') return reply < 500 ? 'ServerTemporarilyUnavailable' : 'ContentRejected';
  if (reply === 451 && detail === '3.0') return 'ServerBug';
  if (reply < 500 && detail.startsWith('3.')) return 'ServerTemporarilyUnavailable';
  if (phase === 'rcptTo' && /sender address rejected|sender rejected/i.test(words)) return 'SenderRejected';
  if (reply === 500 || reply === 501 || reply === 503) return 'ClientBug';
  return phase === 'rcptTo' ? 'RecipientRejected' : 'SenderRejected';
};

/** What an SMTP reply means: the enhanced code and common words before the three digits, which lie more often. */
export const smtpVerdict = (refusal: Refusal, words: string, { secured }: Circumstances): FailureKind => {
  const { phase, code } = refusal;
  const reply = refusal.reply ?? 0;
  if (phase === 'greeting') return atGreeting(words, reply);
  if (phase === 'auth') return atLogin(reply, detailOf(code), words, secured);
  if (phase === 'mailFrom' || phase === 'rcptTo' || phase === 'data') return whileSending(phase, reply, code, words);
  if (phase === 'starttls') return 'StartTlsRefused';
  if (reply === 421) return refineByWords(words, isPassing) ?? 'ServerTemporarilyUnavailable';
  if (reply >= 400 && reply < 500) return refineByWords(words) ?? 'ServerTemporarilyUnavailable';
  if (reply === 500 || reply === 501 || reply === 502) return 'ClientBug';
  if (reply === 554) return 'ServerRejectedConnection';
  return refineByWords(words) ?? 'Unknown';
};
