import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateAddresses, writeCertificates } from './certificate-files.ts';
import { type DovecotPorts, startDovecot, stopDovecot } from './dovecot.ts';
import { freePorts, whenListening } from './ports.ts';
import { type PostfixPorts, startPostfix, stopPostfix } from './postfix.ts';

/** Real Dovecot and Postfix on loopback, from a folder of their own. */
export interface RealMailServers {
  /** PEM of the authority that signed every certificate but `otherAuthority` and `selfSigned`. */
  readonly ca: string;
  /** Which certificate a connection meets, by the address it goes to. */
  readonly addresses: typeof certificateAddresses;
  readonly dovecot: DovecotPorts;
  /** Null when the servers were started without Postfix. */
  readonly postfix: PostfixPorts | null;
  /** A port on which nothing listens. */
  readonly closedPort: number;
  readonly users: readonly { readonly userName: string; readonly password: string }[];
  /** May log in as any user but the denied one: `user*master`. */
  readonly master: { readonly userName: string; readonly password: string; readonly denied: string };
  readonly directory: string;
  readonly close: () => Promise<void>;
}

/** Starts them; about a second. Throws with the server's own words when one does not start. */
export const startRealMailServers = async (options: { readonly postfix: boolean }): Promise<RealMailServers> => {
  const directory = mkdtempSync(join(tmpdir(), 'mailroom-real-'));
  chmodSync(directory, 0o755);
  const close = async (): Promise<void> => {
    stopPostfix(directory);
    await stopDovecot(directory);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const ca = await writeCertificates(join(directory, 'certs'));
    const users = Array.from({ length: 20 }, (_, index) => ({
      userName: `user${index + 1}@example.test`,
      password: `secret-${index + 1}`,
    }));
    const master = { userName: 'master', password: 'master-secret', denied: 'user20@example.test' };
    writeFileSync(
      join(directory, 'users'),
      users.map((user) => `${user.userName}:{PLAIN}${user.password}::::::\n`).join(''),
    );
    writeFileSync(join(directory, 'masters'), `${master.userName}:{PLAIN}${master.password}::::::\n`);
    writeFileSync(join(directory, 'denied'), `${master.denied}:::::::\n`);

    const { smtp, smtpSubmission, smtps, closedPort, ...dovecot } = await freePorts(
      'imap',
      'imaps',
      'pop3',
      'pop3s',
      'submission',
      'submissions',
      'smtp',
      'smtpSubmission',
      'smtps',
      'closedPort',
    );
    const postfix = options.postfix ? { smtp, submission: smtpSubmission, smtps } : null;
    startDovecot(directory, dovecot, postfix?.smtp ?? null);
    if (postfix !== null)
      startPostfix(
        directory,
        postfix,
        users.map(({ userName }) => userName),
      );
    await whenListening('127.0.0.1', [...Object.values(dovecot), ...Object.values(postfix ?? {})]);
    return { ca, addresses: certificateAddresses, dovecot, postfix, closedPort, users, master, directory, close };
  } catch (error) {
    await close();
    throw error;
  }
};
