import { EmailAddress, Name, oneOf, UserName } from '@mailroom/domain';
import type { ConfiguredMailbox, ConfiguredProfile } from './configuration.ts';
import type { Finding } from './findings.ts';
import { ObjectReader } from './reader.ts';
import { type PasswordSources, readPassword } from './read-password.ts';

const Kind = oneOf('user', 'queue');

/** One entry of `mailboxes`. `profiles`: undefined where an entry could not be read and its name is not known. */
export const readMailbox = (
  input: unknown,
  path: string,
  findings: Finding[],
  sources: PasswordSources,
  profiles: readonly ConfiguredProfile[],
): ConfiguredMailbox | undefined => {
  const reader = new ObjectReader(input, path, findings);
  const kind = reader.required('kind', Kind);
  const name = reader.required('name', Name);
  const address = reader.required('address', EmailAddress);
  const profileName = reader.required('profile', Name);
  const profile = profiles.find((one) => one.name === profileName);
  if (profileName !== undefined && profile === undefined) {
    const known = profiles.map((one) => `"${one.name}"`).join(', ');
    reader.problem('profile', `expected the name of a profile in this file${known === '' ? '' : `: ${known}`}`);
  }
  const given = reader.optional('userName', UserName);
  const ofProfile = profile?.userName !== null && profile !== undefined;
  const password = readPassword(reader, sources, ofProfile ? 'none' : 'ask');
  if (ofProfile && (password !== null || given !== undefined)) {
    reader.problem(password === null ? 'userName' : 'password', 'leave it out: the account of the profile is used');
  }
  reader.end();
  if (kind === undefined || name === undefined || address === undefined || profileName === undefined) return undefined;
  const userName = given ?? UserName.orThrow(address);
  return { path, kind, name, address, profile: profileName, userName, password };
};
