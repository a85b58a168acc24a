import { sameAddressKey } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Configuration, ConfiguredMailbox, ConfiguredProfile } from './configuration.ts';
import type { Finding } from './findings.ts';
import { parseFile } from './parse-file.ts';
import { ObjectReader } from './reader.ts';
import { readDeployment } from './read-deployment.ts';
import { readMailbox } from './read-mailbox.ts';
import type { PasswordSources } from './read-password.ts';
import { readProcess } from './read-process.ts';
import { readProfile } from './read-profile.ts';

/** What reading a configuration needs of the outside. */
export interface ConfigurationSources extends PasswordSources {
  /** The text of a file named in the configuration, relative to it; undefined when it cannot be read. */
  readonly readText: (path: string) => string | undefined;
}

/**
 * Reads the text of a configuration file: every finding at once, or a configuration in which everything fits. Nothing
 * is written, and no value is repeated in a finding.
 */
export const readConfiguration = (
  text: string,
  sources: ConfigurationSources,
): E.Either<readonly Finding[], Configuration> => {
  const parsed = parseFile(text);
  if (E.isLeft(parsed)) return E.left([{ path: '', problem: parsed.left }]);

  const findings: Finding[] = [];
  const file = new ObjectReader(parsed.right, '', findings);
  const deployment = readDeployment(file, sources.readText);
  const profiles = file.list('profiles', (input, path) => readProfile(input, path, findings, sources, deployment));
  const mailboxes = file.list('mailboxes', (input, path) => readMailbox(input, path, findings, sources, profiles));
  // For the command: checked here too, so that one file serves both.
  readProcess(file, '');
  file.end();
  reportRepeated(profiles, mailboxes, findings);
  return findings.length > 0 ? E.left(findings) : E.right({ deployment, profiles, mailboxes });
};

const reportRepeated = (
  profiles: readonly ConfiguredProfile[],
  mailboxes: readonly ConfiguredMailbox[],
  findings: Finding[],
): void => {
  for (const { path } of repeated(profiles, ({ name }) => name)) {
    findings.push({ path: `${path}.name`, problem: 'expected a name that no other profile has' });
  }
  for (const { path } of repeated(mailboxes, ({ address }) => sameAddressKey(address))) {
    findings.push({ path: `${path}.address`, problem: 'expected an address that no other mailbox has' });
  }
};

const repeated = <A>(items: readonly A[], keyOf: (item: A) => string): readonly A[] => {
  const keys = items.map(keyOf);
  return items.filter((_, index) => keys.indexOf(keys[index] ?? '') < index);
};
