import {
  type CheckReport,
  type Failure,
  failure,
  type ProbeCredentials,
  type ProbeTarget,
  type Protocol,
  type ProtocolProbe,
  type TestMessage,
} from '@mailroom/domain';
import { setTimeout as delay } from 'node:timers/promises';

/** One direction of a mailbox. */
export interface Direction<P extends Protocol> {
  readonly probe: ProtocolProbe<P>;
  readonly target: ProbeTarget & { readonly protocol: P };
  readonly credentials: ProbeCredentials;
}

export interface RoundTrip<In extends 'imap' | 'pop3'> {
  readonly outgoing: Direction<'smtp'>;
  /** Must be the same mailbox: the message goes to itself. */
  readonly incoming: Direction<In>;
  /** A part of the Message-ID that was never used before. */
  readonly uniqueId: string;
  readonly signal?: AbortSignal;
  /** How long the message is waited for; default two minutes. */
  readonly patienceMs?: number;
  /** Waits between two looks; for tests. */
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
  /** A clock in milliseconds; for tests. */
  readonly now?: () => number;
}

/** What became of a message that a mailbox sent to itself. Told apart from the test of the mailbox, which it never fails. */
export interface RoundTripReport {
  readonly verdict: CheckReport['verdict'];
  readonly failure: Failure | null;
  readonly warnings: readonly Failure[];
  readonly subject: string;
  /** How it was sent; null: it was not, because the mailbox could not be looked into before. */
  readonly sent: CheckReport | null;
  /** The last look for it. */
  readonly found: CheckReport;
  readonly ms: number;
}

const defaultPatienceMs = 120_000;
/** Later than this it was delayed. */
const delayedMs = 60_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** May still arrive, or be told apart from what else arrives. */
const isNotThere = ({ failure: reason }: CheckReport): boolean =>
  reason?.kind === 'TestMessageNotFound' || reason?.kind === 'TestMessageTakenByFetcher';

/** Warnings that are about the message, and not about the mailbox in general. */
const isAboutMessage = ({ kind }: Failure): boolean =>
  ['TestMessageInJunk', 'TestMessageDelayed', 'SenderRewritten', 'CleanupFailed'].includes(kind);

/**
 * Sends a real message from the mailbox to itself, looks until it has arrived, and removes it. Never rejects. Only after
 * both directions have passed their test; the mailbox is looked into first, so that nothing is sent that nobody can find.
 */
export const roundTrip = async <In extends 'imap' | 'pop3'>(plan: RoundTrip<In>): Promise<RoundTripReport> => {
  const { outgoing, incoming, uniqueId, signal, patienceMs = defaultPatienceMs, now = () => performance.now() } = plan;
  const pause = plan.pause ?? ((ms, stop) => delay(ms, null, stop === undefined ? {} : { signal: stop }));
  const started = now();
  const stopping = signal === undefined ? {} : { signal };
  const { address } = outgoing.target;
  const subject = `Mailroom test ${uniqueId}`;
  const conclude = (sent: CheckReport | null, found: CheckReport, reason: Failure | null): RoundTripReport => {
    const ms = now() - started;
    const late = sent !== null && reason === null && ms > delayedMs;
    const minutes = Math.max(1, Math.round(ms / 60_000));
    const warnings = [
      ...found.warnings.filter(isAboutMessage),
      ...(late ? [failure('TestMessageDelayed', { minutes })] : []),
    ];
    const verdict = reason !== null ? 'failed' : warnings.length > 0 ? 'warning' : 'passed';
    return { verdict, failure: reason, warnings, subject, sent, found, ms: Math.round(ms) };
  };

  let mark: string | null = null;
  const onMark = (seen: string): void => void (mark = seen);
  const before = await incoming.probe.check(incoming.target, incoming.credentials, { ...stopping, onMark });
  if (before.failure !== null) return conclude(null, before, before.failure);

  const domain = address.slice(address.lastIndexOf('@') + 1);
  const testMessage: TestMessage = { messageId: `${uniqueId}.mailroom@${domain}`, subject, mark };
  const options = { ...stopping, testMessage };
  const sent = await outgoing.probe.check(outgoing.target, outgoing.credentials, options);
  if (sent.failure !== null) return conclude(sent, before, sent.failure);

  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const found = await incoming.probe.check(incoming.target, incoming.credentials, options);
    const isOver = !isNotThere(found) || now() - started + pauseMs > patienceMs || signal?.aborted === true;
    if (isOver) return conclude(sent, found, found.failure);
    await pause(pauseMs, signal).catch(() => undefined);
  }
};
