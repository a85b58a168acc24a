import type { FailureKind } from '@mailroom/domain';

/**
 * Words that unrelated servers use alike, most telling first. They make an answer more precise where its code leaves
 * open what is meant; a code that is precise is never overruled by them.
 */
const refinements: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /(maximum number of|too many) (\w+ )?(connections|sessions)|concurrent (\w+ )?limit|connection limit/i,
    'ConnectionLimit',
  ],
  [/too many (\w+ )?(log[io]n|authentication|auth|password)\b|too many (\w+ )?attempts/i, 'TooManyLogins'],
  [/throttl|rate limit|too many (requests|commands)|bandwidth limit|server busy|too much mail/i, 'Throttled'],
  [
    /(maildrop|mailbox|mail ?drop|mail file)\b.{0,30}\b(in use|locked|busy)|already (locked|in use)|another (\w+ )?(session|client|program)|(can ?not|unable to|could not|can't) (get |obtain |acquire )?(a |the )?lock/i,
    'MailboxInUse',
  ],
  [/minimum time between|log[io]n too (often|frequent|soon)/i, 'LoginDelay'],
  [/app(lication)?[- ]?(specific )?password/i, 'AppPasswordRequired'],
  [/password (\w+ )?expired|password transition|password must be changed/i, 'PasswordExpired'],
  [
    /\b(IMAP4?|POP3?|SMTP)\b( \w+)? (is |has been )?(not enabled|disabled|switched off|turned off)|not enabled for (IMAP|POP)/i,
    'ProtocolDisabledForAccount',
  ],
  [/\b(account|user|login|mailbox)\b( is| has been| was)?( temporarily)? (locked|blocked)\b/i, 'AccountLocked'],
  [
    /\b(account|user|login|mailbox)\b( is| has been| was)?( temporarily)? (disabled|deactivated|suspended|inactive|closed)\b/i,
    'AccountDisabled',
  ],
  [
    /plain ?text.{0,40}(disallowed|disabled|not (allowed|permitted|supported))|must issue (a )?STARTTLS|(encryption|TLS|SSL)( is)? (required|needed)|requires? (TLS|SSL|encryption|an encrypted)/i,
    'PlaintextAuthRefused',
  ],
  [
    /(unsupported|unknown|unrecogni[sz]ed|invalid) (\w+ )?(mechanism|auth(entication)? (method|type))|mechanism.{0,20}(not supported|unsupported|not available|too weak)/i,
    'AuthMechanismUnsupported',
  ],
  [
    /temporar(y|ily).{0,60}(auth|log[io]n|credential|password)|(auth|log[io]n).{0,60}temporar(y|ily)|unable to authenticate at present/i,
    'AuthTemporarilyUnavailable',
  ],
  [/\btry (again )?later|temporar(y|ily)/i, 'ServerTemporarilyUnavailable'],
];

/** What common words say more precisely; null when they say nothing. `among` limits what may be concluded. */
export const refineByWords = (words: string, among: (kind: FailureKind) => boolean = () => true): FailureKind | null =>
  refinements.find(([pattern, kind]) => among(kind) && pattern.test(words))?.[1] ?? null;

/** Words by which servers refuse a command that they do not know. */
export const isUnknownCommand = (words: string): boolean =>
  /(unknown|unrecogni[sz]ed|invalid|bad|unimplemented|illegal|unsupported) (or \w+ )?command|command (\w+ ){0,3}(unrecogni[sz]ed|not (recogni[sz]ed|implemented|supported|known)|unknown|unavailable)|not implemented|syntax error/i.test(
    words,
  );
