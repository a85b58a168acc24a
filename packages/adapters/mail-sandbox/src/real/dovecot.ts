import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { certificateAddresses } from './certificate-files.ts';
import { programFile, startDaemon } from './programs.ts';

export interface DovecotPorts {
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
  readonly submission: number;
  readonly submissions: number;
}

/** The unprivileged owner of the mail, when the servers run as root. */
export const mailOwner = { name: 'nobody', group: 'nogroup', uid: 65534, gid: 65534 };

/** Starts one Dovecot from a folder: IMAP, POP3 and submission, all mechanisms, one certificate for each address. */
export const startDovecot = (directory: string, ports: DovecotPorts, relayPort: number | null): void => {
  const dovecot = programFile('dovecot');
  if (dovecot === undefined) throw new Error('Dovecot is not installed');
  for (const folder of ['run', 'state', 'mail', 'jwt/default/HS256'])
    mkdirSync(join(directory, folder), { recursive: true });
  if (isRoot()) chownSync(join(directory, 'mail'), mailOwner.uid, mailOwner.gid);
  // Dovecot's file dictionary of token keys: <key id or default>/<algorithm>/<key id>, the value in base64.
  writeFileSync(join(directory, 'jwt/default/HS256/default'), Buffer.from(tokenKey).toString('base64'));
  writeFileSync(join(directory, 'oauth2.conf'), oauth2(directory));
  writeFileSync(join(directory, 'dovecot.conf'), configuration(directory, ports, relayPort));
  startDaemon(dovecot, ['-c', join(directory, 'dovecot.conf')], join(directory, 'start.log'));
};

/** The pid file goes when Dovecot has gone; the process itself may stay behind as a zombie. */
export const stopDovecot = async (directory: string): Promise<void> => {
  const file = join(directory, 'run/master.pid');
  if (!existsSync(file)) return;
  process.kill(Number(readFileSync(file, 'utf8').trim()));
  for (let tries = 0; existsSync(file); tries++) {
    if (tries > 500) throw new Error('Dovecot does not stop');
    await delay(20);
  }
};

/** HMAC key of the tokens that Dovecot accepts (HS256); a test signs its own tokens with it. */
export const tokenKey = 'local-test-key-not-a-secret';
export const tokenIssuer = 'https://issuer.example.test';

const isRoot = (): boolean => process.getuid?.() === 0;

const oauth2 = (directory: string): string => `introspection_mode = local
local_validation_key_dict = fs:posix:prefix=${directory}/jwt/
username_attribute = sub
issuers = ${tokenIssuer}
`;

const configuration = (directory: string, ports: DovecotPorts, relayPort: number | null): string => {
  const me = process.env['USER'] ?? 'nobody';
  const users = isRoot()
    ? {
        internal: 'dovecot',
        internalGroup: 'dovecot',
        login: 'dovenull',
        mail: mailOwner.name,
        mailGroup: mailOwner.group,
      }
    : { internal: me, internalGroup: me, login: me, mail: me, mailGroup: me };
  const chroot = isRoot() ? '' : '  chroot =\n';
  const certificate = (name: string): string =>
    `ssl_cert = <${directory}/certs/${name}.pem\n  ssl_key = <${directory}/certs/${name}.key`;
  const service = (name: string, plain: string, plainPort: number, tls: string, tlsPort: number): string => `
service ${name}-login {
${chroot}  service_count = 0
  process_min_avail = 1
  client_limit = 1000
  inet_listener ${plain} {
    port = ${plainPort}
  }
  inet_listener ${tls} {
    port = ${tlsPort}
    ssl = yes
  }
}
service ${name} {
  process_limit = 512
}`;

  return `base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/dovecot.log
instance_name = mailroom-${ports.imap}
protocols = imap pop3 submission
listen = ${Object.values(certificateAddresses).join(', ')}
default_internal_user = ${users.internal}
default_internal_group = ${users.internalGroup}
default_login_user = ${users.login}
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-256 apop xoauth2 oauthbearer
auth_failure_delay = 0 secs
auth_master_user_separator = *
disable_plaintext_auth = no
ssl = yes
ssl_min_protocol = TLSv1.2
${certificate('good')}
ssl_dh =
mail_location = maildir:${directory}/mail/%u
mail_uid = ${users.mail}
mail_gid = ${users.mailGroup}
first_valid_uid = 1
mail_max_userip_connections = 0
hostname = mail.example.test
submission_relay_host = 127.0.0.1
submission_relay_port = ${relayPort ?? 1}
passdb {
  driver = passwd-file
  args = ${directory}/denied
  deny = yes
}
passdb {
  driver = passwd-file
  args = ${directory}/masters
  master = yes
  result_success = continue
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${directory}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 digest-md5 scram-sha-256 apop
  args = username_format=%u ${directory}/users
}
userdb {
  driver = static
  args = uid=${users.mail} gid=${users.mailGroup} home=${directory}/mail/%u
}
namespace inbox {
  inbox = yes
}
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
protocol pop3 {
  pop3_lock_session = yes
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=1G
}
service anvil {
${chroot}  unix_listener anvil-auth-penalty {
    mode = 0000
  }
}
service stats {
${chroot}}
service auth {
  unix_listener ${directory}/auth-client {
    mode = 0666
  }
}
${Object.entries(certificateAddresses)
  .map(([name, address]) => `local ${address} {\n  ${certificate(name)}\n}`)
  .join('\n')}
${service('imap', 'imap', ports.imap, 'imaps', ports.imaps)}
${service('pop3', 'pop3', ports.pop3, 'pop3s', ports.pop3s)}
${service('submission', 'submission', ports.submission, 'submissions', ports.submissions)}
`;
};
