import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateAddresses, writeCertificates } from './certificate-files.ts';
import { type DovecotPorts, mailOwner, startDovecot, stopDovecot } from './dovecot.ts';
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
  /** Its quota is nearly used up; one of `users`. */
  readonly nearlyFull: { readonly userName: string; readonly password: string };
  /** May log in as any user but the denied one: `user*master`. */
  readonly master: { readonly userName: string; readonly password: string; readonly denied: string };
  readonly directory: string;
  readonly close: () => Promise<void>;
}

const quotaBytes = 102_400;

/** One message that takes 98 of 100 parts of the quota, put where Dovecot finds what was delivered. */
const fill = (directory: string, userName: string): void => {
  const mailbox = join(directory, 'mail', userName);
  for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(mailbox, folder), { recursive: true });
  writeFileSync(
    join(mailbox, 'new', `1.full,S=${0.98 * quotaBytes}`),
    'Subject: Large\n\n'.padEnd(0.98 * quotaBytes, 'x'),
  );
  if (process.getuid?.() !== 0) return;
  for (const path of [
    mailbox,
    ...['cur', 'new', 'tmp', join('new', `1.full,S=${0.98 * quotaBytes}`)].map((name) => join(mailbox, name)),
  ]) {
    chownSync(path, mailOwner.uid, mailOwner.gid);
  }
};

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
    const nearlyFull = { userName: 'user19@example.test', password: 'secret-19' };
    const quotaOf = ({ userName }: { readonly userName: string }): string =>
      userName === nearlyFull.userName ? `userdb_quota_rule=*:bytes=${quotaBytes}` : '';
    writeFileSync(
      join(directory, 'users'),
      users.map((user) => `${user.userName}:{PLAIN}${user.password}::::::${quotaOf(user)}\n`).join(''),
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
    fill(directory, nearlyFull.userName);
    if (postfix !== null)
      startPostfix(
        directory,
        postfix,
        users.map(({ userName }) => userName),
      );
    await whenListening('127.0.0.1', [...Object.values(dovecot), ...Object.values(postfix ?? {})]);
    return {
      ca,
      addresses: certificateAddresses,
      dovecot,
      postfix,
      closedPort,
      users,
      nearlyFull,
      master,
      directory,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
