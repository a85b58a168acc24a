import type { AdviceParams, FailureKind, FailureOverrides, Phase, Protocol } from '@mailroom/domain';
import type { Provider } from './provider.ts';

/** What a classifier concludes; `check.failure(kind, params, overrides)` makes a failure of it. */
export interface Verdict {
  readonly kind: FailureKind;
  readonly params?: AdviceParams;
  readonly overrides?: FailureOverrides;
}

/** A refusal, as the adapter of a protocol read it. */
export interface Refusal {
  readonly protocol: Protocol;
  /** From our own steps, never from the text. */
  readonly phase: Phase;
  /** The command that was refused, in upper case and without arguments; empty for a greeting. */
  readonly command: string;
  /** IMAP and POP3: the response code without brackets. SMTP: the enhanced code such as 5.7.8. Null when there is none. */
  readonly code: string | null;
  /** SMTP: the reply code; null elsewhere. */
  readonly reply: number | null;
  /** IMAP: NO, BAD or BYE. */
  readonly status: 'NO' | 'BAD' | 'BYE' | null;
  /** All lines of the answer, without codes. */
  readonly text: string;
}

/** What the check knows besides the refusal. */
export interface Circumstances {
  /** Whose server it is; null when it was not recognised. */
  readonly provider: Provider | null;
  /** What was used to log in. */
  readonly credentials: 'password' | 'token';
  /** Whether the connection is encrypted. */
  readonly secured: boolean;
  /** Words of the customer's own (user name, address) that a server may quote; they are no words of the server. */
  readonly ownWords: readonly string[];
}

/** The refusal's text without what it quotes of the customer. */
export const serverWords = ({ text }: Pick<Refusal, 'text'>, { ownWords }: Pick<Circumstances, 'ownWords'>): string =>
  ownWords
    .filter((word) => word.length > 2)
    .reduce((rest, word) => rest.replaceAll(word, ' '), text)
    .replace(/\s+/g, ' ')
    .trim();

const unitSeconds: Readonly<Record<string, number>> = { m: 0.001, s: 1, min: 60, h: 3600 };

/** A wait of more than a day is no hint but a mistake. */
const longestHintSeconds = 86_400;

/** How long the server asks to wait ("in 5 minutes", "Backoff Time: 2000 milliseconds"); null when it does not say. */
export const retryHintSeconds = (text: string): number | null => {
  const found = /(\d{1,9})\s*(milliseconds?|msecs?|ms|seconds?|secs?|minutes?|mins?|hours?)\b/i.exec(text);
  const [, number, word = ''] = found ?? [];
  if (number === undefined) return null;
  const unit = /^m(illi|s)/i.test(word) ? 'm' : /^m/i.test(word) ? 'min' : /^h/i.test(word) ? 'h' : 's';
  const seconds = Math.ceil(Number(number) * (unitSeconds[unit] ?? 1));
  return seconds > 0 && seconds <= longestHintSeconds ? seconds : null;
};
