import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateAddresses } from './certificate-files.ts';
import { mailOwner } from './dovecot.ts';
import { programFile } from './programs.ts';

export interface PostfixPorts {
  /** Server to server, login optional. */
  readonly smtp: number;
  /** STARTTLS and login required. */
  readonly submission: number;
  /** TLS from the start, login required. */
  readonly smtps: number;
}

/** Starts Postfix from a folder, with Dovecot's logins; it refuses senders that the login does not own. Needs root. */
export const startPostfix = (directory: string, ports: PostfixPorts, users: readonly string[]): void => {
  const postfix = programFile('postfix');
  if (postfix === undefined) throw new Error('Postfix is not installed');
  const root = join(directory, 'postfix');
  for (const folder of ['conf', 'queue', 'data']) mkdirSync(join(root, folder), { recursive: true });
  chownSync(join(root, 'data'), Number(idOf('postfix')), -1);
  writeFileSync(join(root, 'conf/boxes'), users.map((user) => `${user} ${user}/\n`).join(''));
  writeFileSync(join(root, 'conf/logins'), users.map((user) => `${user} ${user}\n`).join(''));
  writeFileSync(join(root, 'conf/main.cf'), mainConfiguration(directory, root));
  writeFileSync(join(root, 'conf/master.cf'), services(directory, ports));
  const { status } = spawnSync(postfix, ['-c', join(root, 'conf'), 'start'], { stdio: 'ignore' });
  if (status !== 0) {
    const log = join(directory, 'postfix.log');
    throw new Error(`Postfix does not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'see syslog'}`);
  }
};

export const stopPostfix = (directory: string): void => {
  const conf = join(directory, 'postfix/conf');
  const postfix = programFile('postfix');
  if (postfix !== undefined && existsSync(conf)) spawnSync(postfix, ['-c', conf, 'stop'], { stdio: 'ignore' });
};

const idOf = (user: string): string => spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout.trim();

const mainConfiguration = (directory: string, root: string): string => `compatibility_level = 3.6
queue_directory = ${root}/queue
data_directory = ${root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file_prefixes = ${directory}
maillog_file = ${directory}/postfix.log
alias_maps =
alias_database =
smtputf8_enable = no
biff = no
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${directory}/mail
virtual_uid_maps = static:${mailOwner.uid}
virtual_gid_maps = static:${mailOwner.gid}
virtual_mailbox_maps = texthash:${root}/conf/boxes
virtual_minimum_uid = 1
default_transport = error:no outside delivery here
relay_transport = error:no outside delivery here
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sender_login_maps = texthash:${root}/conf/logins
smtpd_tls_security_level = may
smtpd_tls_auth_only = no
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${directory}/auth-client
smtpd_sasl_security_options = noanonymous
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
default_process_limit = 200
smtpd_peername_lookup = no
`;

const services = (directory: string, { smtp, submission, smtps }: PostfixPorts): string => {
  const owned = '  -o smtpd_recipient_restrictions=reject_sender_login_mismatch,permit_sasl_authenticated,reject';
  const listeners = Object.entries(certificateAddresses).map(([name, address]) => {
    const certificate = `  -o smtpd_tls_cert_file=${directory}/certs/${name}.pem\n  -o smtpd_tls_key_file=${directory}/certs/${name}.key`;
    return `${address}:${smtp} inet n - n - - smtpd
${certificate}
${address}:${submission} inet n - n - - smtpd
${certificate}
  -o smtpd_tls_security_level=encrypt
${owned}
${address}:${smtps} inet n - n - - smtpd
${certificate}
  -o smtpd_tls_wrappermode=yes
${owned}`;
  });
  return `${listeners.join('\n')}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
`;
};
