import { type Connector, createConnector } from '@mailroom/mail-check';
import { type ProbeOfTest, sandboxLaws } from '@mailroom/mail-sandbox/testing';
import { smtpProbe } from './smtp-probe.ts';

const halfASecond = { greetingMs: 500, commandMs: 500, loginMs: 500 } as const;

const newConnector = ({ network, ...given }: ProbeOfTest): Connector =>
  createConnector({
    policy: {
      allowedAddresses: ['127.0.0.0/8'],
      trustedCertificates: given.trustedCertificates,
      ports: 'unrestricted',
      allowUnencrypted: given.unencrypted,
      allowBasicAuthenticationUnencrypted: given.unencrypted,
    },
    limits: given.impatient ? { connectMs: 500, tlsMs: 500, lookMs: 500 } : {},
    revocationLists: given.revocationLists,
    ...network,
  });

/** One for each deployment, as in a process: making a TLS context costs more than a check. */
const connectors = new Map<string, Connector>();
const connectorFor = (given: ProbeOfTest): Connector => {
  if (Object.keys(given.network).length > 0) return newConnector(given);
  const { trustedCertificates, revocationLists, unencrypted, impatient } = given;
  const key = JSON.stringify([trustedCertificates, revocationLists, unencrypted, impatient]);
  const connector = connectors.get(key) ?? newConnector(given);
  connectors.set(key, connector);
  return connector;
};

sandboxLaws('smtp', (given) =>
  smtpProbe({ connector: connectorFor(given), limits: given.impatient ? halfASecond : {} }),
);
