import {
  type CheckOptions,
  type CheckReport,
  defaultDeployment,
  type DeploymentPolicy,
  EmailAddress,
  Host,
  type ProbeCredentials,
  type ProbeTarget,
  Secret,
} from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { imapProbe } from '@mailroom/mail-imap';
import { pop3Probe } from '@mailroom/mail-pop3';
import { smtpProbe } from '@mailroom/mail-smtp';
import { accountAt } from './accounts.ts';
import { host, type Servers } from './servers.ts';

/** What an operator allows who has these servers. */
export const deploymentFor = ({ ca }: Servers): DeploymentPolicy => ({
  ...defaultDeployment,
  allowedAddresses: ['127.0.0.0/8'],
  trustedCertificates: [ca],
});

/** One check; throws when it does not pass. */
type OurCheck = (index: number, options?: CheckOptions) => Promise<void>;

export interface OurChecks {
  readonly imap: OurCheck;
  readonly pop3: OurCheck;
  readonly smtp: OurCheck;
}

/** The checks of this project as the host runs them: one connector, one identity for each index. */
export const ourChecks = (servers: Servers): OurChecks => {
  const connector = createConnector({ policy: deploymentFor(servers) });
  const imap = imapProbe({ connector });
  const pop3 = pop3Probe({ connector });
  const smtp = smtpProbe({ connector });
  const target = (index: number, port: number): Omit<ProbeTarget, 'protocol'> => ({
    host: Host.orThrow(host),
    port,
    tls: 'tls',
    mechanism: 'auto',
    address: EmailAddress.orThrow(accountAt(index).address),
    loginTemplate: null,
    folderTemplate: null,
    deadlineMs: 30_000,
  });
  const credentials = (index: number): ProbeCredentials => {
    const { address, password } = accountAt(index);
    return { userName: address, secret: new Secret(password), kind: 'password', ofProfile: false };
  };
  const passed = ({ verdict, failure }: CheckReport): void => {
    if (verdict !== 'passed') throw new Error(`a check ended as ${verdict}: ${failure?.kind ?? 'with warnings'}`);
  };
  return {
    imap: async (index, options) => {
      passed(await imap.check({ ...target(index, servers.imap), protocol: 'imap' }, credentials(index), options));
    },
    pop3: async (index, options) => {
      // The library to compare with logs in by USER and PASS only.
      const { mechanism: _auto, ...rest } = target(index, servers.pop3);
      const asked = { ...rest, mechanism: 'userpass', protocol: 'pop3' } as const;
      passed(await pop3.check(asked, credentials(index), options));
    },
    smtp: async (index, options) => {
      passed(await smtp.check({ ...target(index, servers.smtp), protocol: 'smtp' }, credentials(index), options));
    },
  };
};
