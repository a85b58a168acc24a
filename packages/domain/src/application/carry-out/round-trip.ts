import * as E from 'fp-ts/lib/Either.js';
import '../../kernel/abort-signal.ts';
import { type Failure, failure } from '../../taxonomy/index.ts';
import type { EmailAddress } from '../../values/index.ts';
import type { CheckOptions, TestMessage } from '../ports/index.ts';

/** What one check says, as far as a round trip is concerned. */
interface Check {
  readonly failure: { readonly kind: string } | null;
  readonly warnings: readonly { readonly kind: string }[];
}

/** How a check of the round trip differs from one without a message. */
export type RoundTripOptions = Pick<CheckOptions, 'testMessage' | 'onMark'>;

type Checks<Stop, Report> = (options: RoundTripOptions) => Promise<E.Either<Stop, Report>>;

/** A message that a mailbox is to send to itself. Left of a check: the round trip ends without an outcome. */
export interface RoundTrip<Stop, Report extends Check> {
  readonly address: EmailAddress;
  /** Names the message: whoever repeats a round trip that was interrupted finds the message of the first one too. */
  readonly uniqueId: string;
  readonly send: Checks<Stop, Report>;
  readonly look: Checks<Stop, Report>;
  readonly signal: AbortSignal | undefined;
  /** How long the message is waited for; default two minutes. */
  readonly patienceMs?: number;
  /** Waits between two looks. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What became of a message that a mailbox sent to itself. Told apart from the test of the mailbox, which it never fails. */
export interface RoundTripReport<Report extends Check> {
  readonly verdict: 'passed' | 'warning' | 'failed';
  readonly failure: Report['failure'];
  readonly warnings: readonly (Report['warnings'][number] | Failure)[];
  readonly subject: string;
  /** How it was sent; null: it was not, because the mailbox could not be looked into or has it already. */
  readonly sent: Report | null;
  /** The last look for it. */
  readonly found: Report;
  readonly ms: number;
}

const defaultPatienceMs = 120_000;
/** Later than this it was delayed. */
const delayedMs = 60_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** May still arrive, or be told apart from what else arrives. */
const isNotThere = ({ failure: reason }: Check): boolean =>
  reason?.kind === 'TestMessageNotFound' || reason?.kind === 'TestMessageTakenByFetcher';

/** Warnings that are about the message, and not about the mailbox in general. */
const isAboutMessage = ({ kind }: { readonly kind: string }): boolean =>
  ['TestMessageInJunk', 'TestMessageDelayed', 'SenderRewritten', 'CleanupFailed'].includes(kind);

/** The subject of the message with this id; a person who has to remove it by hand looks for it. */
export const testMessageSubject = (uniqueId: string): string => `Mailroom test ${uniqueId}`;

/**
 * Sends a real message from the mailbox to itself, looks until it has arrived, and removes it. Only after both
 * directions have passed their test. The mailbox is looked into first, so that nothing is sent that nobody can find,
 * and so that the message of a round trip that was interrupted is found instead of sent again.
 */
export const roundTrip = async <Stop, Report extends Check>(
  plan: RoundTrip<Stop, Report>,
): Promise<E.Either<Stop, RoundTripReport<Report>>> => {
  const { address, uniqueId, send, look, signal, patienceMs = defaultPatienceMs, pause, now } = plan;
  const started = now();
  const subject = testMessageSubject(uniqueId);
  const conclude = (
    sent: Report | null,
    found: Report,
    reason: Report['failure'],
  ): E.Either<Stop, RoundTripReport<Report>> => {
    const ms = Math.round(now() - started);
    const late = sent !== null && reason === null && ms > delayedMs;
    const minutes = Math.max(1, Math.round(ms / 60_000));
    const warnings = [
      ...found.warnings.filter(isAboutMessage),
      ...(late ? [failure('TestMessageDelayed', { minutes })] : []),
    ];
    const verdict = reason !== null ? 'failed' : warnings.length > 0 ? 'warning' : 'passed';
    return E.right({ verdict, failure: reason, warnings, subject, sent, found, ms });
  };

  let mark: string | null = null;
  const message = { messageId: `${uniqueId}.mailroom@${address.slice(address.lastIndexOf('@') + 1)}`, subject };
  const before = await look({ testMessage: { ...message, mark }, onMark: (seen) => void (mark = seen) });
  if (E.isLeft(before)) return before;
  if (!isNotThere(before.right)) return conclude(null, before.right, before.right.failure);

  const testMessage: TestMessage = { ...message, mark };
  const sent = await send({ testMessage });
  if (E.isLeft(sent)) return sent;
  if (sent.right.failure !== null) return conclude(sent.right, before.right, sent.right.failure);

  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const found = await look({ testMessage });
    if (E.isLeft(found)) return found;
    const isOver = !isNotThere(found.right) || now() - started + pauseMs > patienceMs || signal?.aborted === true;
    if (isOver) return conclude(sent.right, found.right, found.right.failure);
    await pause(pauseMs);
  }
};
