import type { DeploymentPolicy } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { Finding } from './findings.ts';
import { parseFile } from './parse-file.ts';
import type { ProcessKey } from './process-settings.ts';
import type { ConfiguredAlertMail } from './read-alert-mail.ts';
import { readDeployment } from './read-deployment.ts';
import { readProcess } from './read-process.ts';
import { ObjectReader } from './reader.ts';

/** What a process of the command takes from a configuration file. */
export interface ProcessFile {
  readonly process: { readonly [Key in ProcessKey]?: unknown } & { readonly alertMail?: ConfiguredAlertMail };
  readonly deployment: DeploymentPolicy;
}

/**
 * Reads a configuration file for a process: `process` and `deployment`. Profiles and mailboxes may be there and are not
 * looked at, so that a process needs none of their passwords.
 */
export const readProcessFile = (
  text: string,
  { folder, readText }: { readonly folder: string; readonly readText: (path: string) => string | undefined },
): E.Either<readonly Finding[], ProcessFile> => {
  const parsed = parseFile(text);
  if (E.isLeft(parsed)) return E.left([{ path: '', problem: parsed.left }]);
  const findings: Finding[] = [];
  const file = new ObjectReader(parsed.right, '', findings);
  const process = readProcess(file, folder);
  const deployment = readDeployment(file, readText);
  file.raw('profiles');
  file.raw('mailboxes');
  file.end();
  return findings.length > 0 ? E.left(findings) : E.right({ process, deployment });
};
