import { type DeploymentPolicy, Host, Name, oneOf, Port, TlsMode, UserName } from '@mailroom/domain';
import type { ConfiguredEndpoint, ConfiguredProfile } from './configuration.ts';
import { checked, ObjectReader, words } from './reader.ts';
import { type PasswordSources, readPassword } from './read-password.ts';
import type { Finding } from './findings.ts';

/** Shorter than the name of a mailbox (seed: text of at most 100). */
const profileName = checked(
  'one line of text, 1 to 100 characters',
  (input): input is Name => Name.is(input) && input.length <= 100,
);

const IncomingProtocol = oneOf('imap', 'pop3');

/** One entry of `profiles`. Undefined when it cannot be used; the findings say why. */
export const readProfile = (
  input: unknown,
  path: string,
  findings: Finding[],
  sources: PasswordSources,
  deployment: DeploymentPolicy,
): ConfiguredProfile | undefined => {
  const reader = new ObjectReader(input, path, findings);
  const name = reader.required('name', profileName);
  const incoming = incomingOf(reader.object('incoming'), deployment);
  const outgoing = endpointOf(reader.object('outgoing'), deployment);
  if (!reader.has('incoming') && !reader.has('outgoing')) {
    findings.push({ path, problem: 'expected "incoming", "outgoing" or both' });
  }
  const userName = reader.optional('userName', UserName) ?? null;
  const password = readPassword(reader, sources, userName === null ? 'none' : 'ask');
  if (userName === null && password !== null)
    reader.problem('userName', 'expected a user name, because a password is given');
  const profile = {
    incoming: incoming ?? null,
    outgoing: outgoing ?? null,
    userName,
    password,
    loginTemplate: reader.optional('loginTemplate', words) ?? null,
    folderTemplate: reader.optional('folderTemplate', words) ?? null,
  };
  reader.end();
  return name === undefined ? undefined : { path, name, ...profile };
};

const incomingOf = (
  reader: ObjectReader | undefined,
  deployment: DeploymentPolicy,
): ConfiguredProfile['incoming'] | undefined => {
  const protocol = reader?.required('protocol', IncomingProtocol);
  const endpoint = endpointOf(reader, deployment);
  return protocol === undefined || endpoint === undefined ? undefined : { ...endpoint, protocol };
};

const endpointOf = (reader: ObjectReader | undefined, deployment: DeploymentPolicy): ConfiguredEndpoint | undefined => {
  if (reader === undefined) return undefined;
  const host = reader.required('host', Host);
  const port = reader.optional('port', Port) ?? null;
  const tls = reader.optional('tls', TlsMode) ?? null;
  if (tls === 'none' && !deployment.allowUnencrypted) {
    reader.problem('tls', 'expected "tls" or "starttls"; "none" needs "allowUnencrypted": true in "deployment"');
  }
  reader.end();
  return host === undefined ? undefined : { host, port, tls };
};
