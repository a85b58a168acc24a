import {
  type CheckOptions,
  EmailAddress,
  Host,
  type Mechanism,
  type ProbeCredentials,
  type ProbeTarget,
  Secret,
} from '@mailroom/domain';
import { type ConnectionPolicy, type Connector, createConnector } from '@mailroom/mail-check';
import { pop3Probe, type Pop3ProbeParts } from '../pop3-probe.ts';

/** A deployment that may do everything on loopback. */
const looseDeployment: ConnectionPolicy = {
  allowedAddresses: ['127.0.0.0/8'],
  trustedCertificates: [],
  ports: 'unrestricted',
  allowUnencrypted: true,
  allowBasicAuthenticationUnencrypted: true,
};

export interface CheckCase {
  readonly port: number;
  readonly host?: string;
  readonly tls?: ProbeTarget['tls'];
  readonly ca?: string;
  readonly mechanism?: Mechanism;
  readonly address?: string;
  readonly loginTemplate?: string;
  readonly userName?: string;
  readonly secret?: string;
  readonly kind?: ProbeCredentials['kind'];
  readonly ofProfile?: boolean;
  readonly deadlineMs?: number;
  readonly policy?: Partial<ConnectionPolicy>;
  readonly limits?: Pop3ProbeParts['limits'];
  readonly options?: CheckOptions;
}

export const secret = 'Tr0ub4dor-&-3 ';
export const address = 'ada@example.test';

/** One for each policy, as in a process: building a TLS context costs more than a check. */
const connectors = new Map<string, Connector>();
const connectorFor = (policy: ConnectionPolicy): Connector => {
  const key = JSON.stringify(policy);
  const connector = connectors.get(key) ?? createConnector({ policy });
  connectors.set(key, connector);
  return connector;
};

/** One check with everything that a test does not care about filled in. */
export const checkPop3 = (given: CheckCase) => {
  const trustedCertificates = given.ca === undefined ? [] : [given.ca];
  const connector = connectorFor({ ...looseDeployment, trustedCertificates, ...given.policy });
  const probe = pop3Probe({ connector, ...(given.limits === undefined ? {} : { limits: given.limits }) });
  return probe.check(
    {
      protocol: 'pop3',
      host: Host.orThrow(given.host ?? '127.0.0.1'),
      port: given.port,
      tls: given.tls ?? 'none',
      mechanism: given.mechanism ?? 'auto',
      address: EmailAddress.orThrow(given.address ?? address),
      loginTemplate: given.loginTemplate ?? null,
      folderTemplate: null,
      deadlineMs: given.deadlineMs ?? 10_000,
    },
    {
      userName: given.userName ?? address,
      secret: new Secret(given.secret ?? secret),
      kind: given.kind ?? 'password',
      ofProfile: given.ofProfile ?? false,
    },
    given.options,
  );
};
