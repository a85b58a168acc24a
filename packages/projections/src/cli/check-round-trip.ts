import { randomUUID } from 'node:crypto';
import {
  type CheckReport,
  type MailProbe,
  type ProbeCredentials,
  roundTrip,
  type RoundTripReport,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { pause, systemTimers } from '../runner/timers.ts';
import type { CheckInput } from './check-options.ts';
import { failureDocument, failureInWords, stepLine, stepsDocument, warningsInWords } from './check-report.ts';
import { colours } from './colours.ts';

/** The checks of one direction, each time with what a round trip asks of it. */
type Checks = Parameters<typeof roundTrip<never, CheckReport>>[0]['send'];

/** What became of the message; null: it was not asked for, or the check before it failed. */
type Travelled = RoundTripReport<CheckReport> | null;

/** Both ways of the mailbox: out as it was checked, and back in by the server that `--round-trip` names. */
export const travel = async (
  probe: MailProbe,
  { address, deadlineMs, roundTrip: back, ...out }: CheckInput,
  credentials: ProbeCredentials,
  signal: AbortSignal,
): Promise<Travelled> => {
  if (back === null) return null;
  const common = { address, deadlineMs, mechanism: 'auto', loginTemplate: null, folderTemplate: null } as const;
  const send: Checks = async (options) => {
    const target = { ...common, host: out.host, port: out.port, tls: out.tls, protocol: 'smtp' } as const;
    return E.right(await probe.checkOutgoing(target, credentials, { ...options, signal }));
  };
  const look: Checks = async (options) =>
    E.right(await probe.checkIncoming({ ...common, ...back }, credentials, { ...options, signal }));
  const report = await roundTrip<never, CheckReport>({
    address,
    uniqueId: randomUUID(),
    send,
    look,
    signal,
    pause: (ms) => pause(systemTimers, ms, signal),
    now: () => performance.now(),
  });
  return E.isRight(report) ? report.right : null;
};

/** Beside the check in the document of `--json`: what happens to the message never changes what the check says. */
export const roundTripDocument = (report: Travelled) => ({
  verdict: report?.verdict ?? 'notRun',
  ...failureDocument(report?.failure ?? null),
  warnings: report?.warnings.map(({ kind }) => kind) ?? [],
  subject: report?.subject ?? null,
  ms: report?.ms ?? null,
  sent: report?.sent == null ? null : stepsDocument(report.sent.steps),
  found: report === null ? null : stepsDocument(report.found.steps),
});

/** The same for people. */
export const roundTripInWords = (report: Travelled): string => {
  if (report === null) return `Test message: ${colours.dim('not sent, because the check has failed.')}\n`;
  const { failure, warnings, subject, sent, found, ms } = report;
  const summary =
    failure === null
      ? colours.green(sent === null ? 'It was there already.' : `It arrived (${ms} ms).`)
      : failureInWords(failure);
  const ways = [...(sent === null ? [] : sent.steps), ...found.steps].filter(({ step }) =>
    ['data', 'find', 'cleanup'].includes(step),
  );
  return [`Test message "${subject}"`, ...ways.map(stepLine), '', summary, ...warningsInWords(warnings), ''].join('\n');
};
