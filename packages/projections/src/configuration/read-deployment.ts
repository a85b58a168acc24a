import { defaultDeployment, type DeploymentPolicy, type PortPolicy, type RetryPlan } from '@mailroom/domain';
import { isIP } from 'node:net';
import { checked, type ObjectReader, words, yesOrNo } from './reader.ts';

const portPresets = ['unrestricted', 'government-2017', 'commercial-2025'];

const ports = checked(
  '"unrestricted", "government-2017", "commercial-2025" or a list of ports from 1 to 65535',
  (input): input is PortPolicy =>
    (typeof input === 'string' && portPresets.includes(input)) ||
    (Array.isArray(input) &&
      input.length > 0 &&
      input.every((port: unknown) => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535)),
);

const cidr = checked('an address range such as 10.0.0.0/8 or fd00::/8', (input): input is string => {
  const [, address, bits] = typeof input === 'string' ? (/^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(input) ?? []) : [];
  const family = isIP(address ?? '');
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
});

const wholeFrom = (low: number, high: number) =>
  checked(
    `a whole number from ${low} to ${high}`,
    (input): input is number => Number.isInteger(input) && Number(input) >= low && Number(input) <= high,
  );

/** The part `deployment` of a configuration file; what it leaves out is as in `defaultDeployment`. */
export const readDeployment = (
  file: ObjectReader,
  readText: (path: string) => string | undefined,
): DeploymentPolicy => {
  const reader = file.object('deployment');
  if (reader === undefined) return defaultDeployment;
  const deployment: DeploymentPolicy = {
    ...defaultDeployment,
    allowedAddresses: reader.has('allowedAddresses')
      ? reader.list('allowedAddresses', (input, path) => itemOf(reader, cidr, input, path))
      : defaultDeployment.allowedAddresses,
    trustedCertificates: reader.has('trustedCertificates')
      ? reader.list('trustedCertificates', (input, path) => certificateOf(reader, readText, input, path))
      : defaultDeployment.trustedCertificates,
    ports: reader.optional('ports', ports) ?? defaultDeployment.ports,
    allowUnencrypted: reader.optional('allowUnencrypted', yesOrNo) ?? defaultDeployment.allowUnencrypted,
    retry: retryOf(reader.object('retry')),
  };
  reader.end();
  return { ...deployment, allowBasicAuthenticationUnencrypted: deployment.allowUnencrypted };
};

const retryOf = (reader: ObjectReader | undefined): RetryPlan => {
  const { retry } = defaultDeployment;
  if (reader === undefined) return retry;
  const plan = {
    ...retry,
    firstDelaySeconds: reader.optional('firstDelaySeconds', wholeFrom(1, 86_400)) ?? retry.firstDelaySeconds,
    attempts: reader.optional('attempts', wholeFrom(1, 100)) ?? retry.attempts,
  };
  reader.end();
  return plan;
};

const itemOf = <A>(
  reader: ObjectReader,
  codec: { readonly name: string; readonly is: (input: unknown) => input is A },
  input: unknown,
  path: string,
): A | undefined => {
  if (codec.is(input)) return input;
  reader.findings.push({ path, problem: `expected ${codec.name}` });
  return undefined;
};

const certificateOf = (
  reader: ObjectReader,
  readText: (path: string) => string | undefined,
  input: unknown,
  path: string,
): string | undefined => {
  const file = itemOf(reader, words, input, path);
  if (file === undefined) return undefined;
  const text = readText(file);
  if (text?.includes('-----BEGIN CERTIFICATE-----') === true) return text;
  const problem = text === undefined ? 'this file cannot be read' : 'expected a file with certificates in PEM';
  reader.findings.push({ path, problem });
  return undefined;
};
