import { type CheckReport, defaultDeployment, type StepReport } from '@mailroom/domain';
import { colours } from './colours.ts';
import { loadMailProbe } from '../host/mail-probe.ts';
import { type CheckFlags, type CheckInput, readCheck } from './check-options.ts';
import { BadInput, type ExitCode, type Io, printJson } from './io.ts';

/** The document of `--json`. Other programs read it: names and shape are a contract. */
const checkDocument = ({ verdict, failure, steps }: CheckReport) => ({
  verdict,
  kind: failure?.kind ?? null,
  disposition: failure?.disposition ?? null,
  scope: failure?.scope ?? null,
  field: failure?.field ?? null,
  advice: failure?.advice.sentence ?? null,
  steps: steps.map(({ step, status, ms, detail }) => ({ step, status, ms, detail })),
});

const marks: Readonly<Record<StepReport['status'], string>> = {
  passed: colours.green('✓'),
  warning: colours.yellow('!'),
  failed: colours.red('✗'),
  notRun: colours.dim('-'),
};

const stepLine = ({ step, status, ms, detail }: StepReport): string => {
  const time = status === 'notRun' ? 'not run' : `${ms} ms`;
  return `  ${marks[status]} ${step.padEnd(11)} ${colours.dim(time.padStart(8))}  ${detail ?? ''}`.trimEnd();
};

const inWords = (input: CheckInput, report: CheckReport): string => {
  const { verdict, failure, warnings, steps, ms } = report;
  const title = `${input.protocol.toUpperCase()} ${input.host}:${input.port} (${input.tls})`;
  const summary =
    failure === null
      ? colours.green(`It works (${ms} ms).`)
      : `${colours.red(`${failure.kind}.`)} ${failure.advice.sentence}${failure.serverText === null ? '' : `\nThe server said: ${failure.serverText}`}`;
  const remarks =
    verdict === 'warning' ? warnings.map(({ advice }) => `${colours.yellow('!')} ${advice.sentence}`) : [];
  return [title, ...steps.map(stepLine), '', summary, ...remarks, ''].join('\n');
};

/** Tries one account at one server, and says what happened step by step. Nothing is stored, nothing is sent. */
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
  await probe.close();

  if (flags.json === true) printJson(io, checkDocument(report));
  else io.out(inWords(input, report));
  return report.verdict === 'failed' ? 1 : 0;
};
