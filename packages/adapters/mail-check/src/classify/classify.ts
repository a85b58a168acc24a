import { type FailureKind, kindOf } from '@mailroom/domain';
import { imapVerdict } from './imap.ts';
import { pop3Verdict } from './pop3.ts';
import { smtpVerdict } from './smtp.ts';
import { type Circumstances, type Refusal, retryHintSeconds, serverWords, type Verdict } from './verdict.ts';

const byProtocol = { imap: imapVerdict, pop3: pop3Verdict, smtp: smtpVerdict } as const;

/** The provider's own words come first: its codes carry several meanings. */
const byProvider = (refusal: Refusal, { provider }: Circumstances, words: string): FailureKind | null => {
  const rule = provider?.rules.find(
    ({ words: pattern, protocols, phases }) =>
      (protocols === undefined || protocols.includes(refusal.protocol)) &&
      (phases === undefined || phases.includes(refusal.phase)) &&
      pattern.test(words),
  );
  return rule?.kind ?? null;
};

/** What only a token can cause, and what only a password can. */
const fitCredentials = (kind: FailureKind, { credentials }: Circumstances): FailureKind =>
  kind === 'InvalidCredentials' && credentials === 'token' ? 'OAuthTokenRejected' : kind;

/** Kinds that pass by themselves when an SMTP server says so with 4xx. */
const passingWith4xx: ReadonlySet<FailureKind> = new Set([
  'SenderRejected',
  'RecipientRejected',
  'MailboxFullRemote',
  'ContentRejected',
]);

/**
 * Names what a refusal means: the provider's words, then the protocol's codes, then words that servers share, else
 * Unknown. A refusal stays a refusal whatever it says.
 */
export const classifyRefusal = (refusal: Refusal, circumstances: Circumstances): Verdict => {
  const words = serverWords(refusal, circumstances);
  const found =
    byProvider(refusal, circumstances, `${words} ${refusal.code ?? ''}`) ??
    byProtocol[refusal.protocol](refusal, words, circumstances);
  const kind = fitCredentials(found, circumstances);
  const { provider } = circumstances;
  const hint = kindOf(kind).disposition === 'transient' ? retryHintSeconds(words) : null;
  const passes = refusal.reply !== null && refusal.reply < 500 && passingWith4xx.has(kind);
  return {
    kind,
    params: provider === null ? {} : { provider: provider.name, helpUrl: provider.appPasswordUrl ?? '' },
    overrides: {
      serverText: refusal.text,
      ...(passes ? { disposition: 'transient' } : {}),
      // What is a mere warning elsewhere is a failure when a server refuses for it.
      ...(kindOf(kind).disposition === 'warning' ? { disposition: 'permanent' } : {}),
      ...(hint === null ? {} : { retryAfterSeconds: hint }),
      ...(kindOf(kind).phase === refusal.phase ? {} : { phase: refusal.phase }),
    },
  };
};
