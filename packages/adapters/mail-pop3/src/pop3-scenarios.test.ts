import { EmailAddress, Host, Secret } from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import { type RunningScenario, type Scenario, scenarios } from '@mailroom/mail-sandbox';
import { describe, expect, it } from 'vitest';
import { pop3Probe } from './pop3-probe.ts';

/** Long enough for everything that answers, short for what never does. */
const limits = { greetingMs: 400, commandMs: 400, loginMs: 400 } as const;
const connectorLimits = { connectMs: 400, tlsMs: 400, lookMs: 400 } as const;

/** Scenarios in which the server waits for the client, or says nothing at all. */
const isSilent = ({ kind }: Scenario): boolean => kind.endsWith('Timeout') || kind === 'TlsExpectedOnPort';

const check = async (scenario: Scenario, running: RunningScenario) => {
  const connector = createConnector({
    policy: {
      allowedAddresses: ['127.0.0.0/8'],
      trustedCertificates: [running.ca],
      ports: 'unrestricted',
      allowUnencrypted: true,
      allowBasicAuthenticationUnencrypted: true,
    },
    limits: isSilent(scenario) ? connectorLimits : {},
  });
  const probe = pop3Probe({ connector, limits: isSilent(scenario) ? limits : {} });
  const { token, password } = running;
  return probe.check(
    {
      protocol: 'pop3',
      host: Host.orThrow(running.host),
      port: running.port,
      tls: running.tls,
      mechanism: 'auto',
      address: EmailAddress.orThrow(running.address),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs: 20_000,
    },
    {
      userName: running.userName,
      secret: new Secret(token ?? password),
      kind: token === undefined ? 'password' : 'token',
      ofProfile: false,
    },
  );
};

/** Done by others: there is no revocation list to check against. */
const isForPop3 = ({ protocol, needs }: Scenario): boolean =>
  protocol === 'pop3' && !needs.includes('crl') && !needs.includes('roundTrip');

describe('a POP3 check names what the sandbox does', () => {
  it.each(scenarios.filter(isForPop3).map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const running = await scenario.start();
      try {
        const report = await check(scenario, running);
        const { kind, disposition, scope, field } = scenario.truth;
        const found =
          disposition === 'warning' ? report.warnings.find((warning) => warning.kind === kind) : report.failure;
        expect(found ?? report).toMatchObject({ kind, disposition, scope, field });
        expect(report.verdict).toBe(disposition === 'warning' ? 'warning' : 'failed');
        expect(JSON.stringify(report)).not.toContain(running.password);
      } finally {
        await running.close();
      }
    },
  );
});
