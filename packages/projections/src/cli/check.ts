import { type CheckReport, defaultDeployment } from '@mailroom/domain';
import { colours } from './colours.ts';
import { loadMailProbe } from '../host/mail-probe.ts';
import { type CheckFlags, type CheckInput, readCheck } from './check-options.ts';
import { failureDocument, failureInWords, stepLine, stepsDocument, warningsInWords } from './check-report.ts';
import { roundTripDocument, roundTripInWords, travel } from './check-round-trip.ts';
import { BadInput, type ExitCode, type Io, printJson } from './io.ts';

/** The document of `--json`. Other programs read it: names and shape are a contract. */
const checkDocument = ({ verdict, failure, steps }: CheckReport) => ({
  verdict,
  ...failureDocument(failure),
  steps: stepsDocument(steps),
});

const inWords = (input: CheckInput, report: CheckReport): string => {
  const { verdict, failure, warnings, steps, ms } = report;
  const title = `${input.protocol.toUpperCase()} ${input.host}:${input.port} (${input.tls})`;
  const summary = failure === null ? colours.green(`It works (${ms} ms).`) : failureInWords(failure);
  const remarks = verdict === 'warning' ? warningsInWords(warnings) : [];
  return [title, ...steps.map(stepLine), '', summary, ...remarks, ''].join('\n');
};

/**
 * Tries one account at one server, and says what happened step by step. Nothing is stored, and nothing is sent unless a
 * round trip is asked for; what becomes of its message is told apart, and does not change the answer.
 */
export const check = async (
  protocol: string,
  host: string,
  port: string | undefined,
  flags: CheckFlags,
  io: Io,
): Promise<ExitCode> => {
  const input = readCheck(protocol, host, port, flags, io);
  const probe = await loadMailProbe({
    ...defaultDeployment,
    allowedAddresses: input.allowedAddresses,
    trustedCertificates: input.trustedCertificates,
    allowUnencrypted: input.allowUnencrypted,
    allowBasicAuthenticationUnencrypted: input.allowUnencrypted,
  }).catch((error: unknown) => {
    throw new BadInput([
      `--allow, --ca: ${error instanceof Error ? error.message : 'expected a CIDR range, a PEM file'}`,
    ]);
  });
  const { protocol: spoken, tls, address, deadlineMs } = input;
  const common = { host: input.host, port: input.port, tls, address, deadlineMs, mechanism: 'auto' } as const;
  const target = { ...common, loginTemplate: null, folderTemplate: null };
  const credentials = { userName: input.userName, secret: input.secret, kind: 'password', ofProfile: false } as const;
  const options = { signal: io.signal };
  const report =
    spoken === 'smtp'
      ? await probe.checkOutgoing({ ...target, protocol: spoken }, credentials, options)
      : await probe.checkIncoming({ ...target, protocol: spoken }, credentials, options);
  const asked = input.roundTrip !== null;
  const travelled = report.failure === null ? await travel(probe, input, credentials, io.signal) : null;
  await probe.close();

  if (flags.json === true) {
    printJson(io, { ...checkDocument(report), ...(asked ? { roundTrip: roundTripDocument(travelled) } : {}) });
  } else io.out([inWords(input, report), ...(asked ? [roundTripInWords(travelled)] : [])].join('\n'));
  return report.verdict === 'failed' ? 1 : 0;
};
