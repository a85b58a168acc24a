import { expect, test } from 'vitest';
import { defaultDeployment } from './deployment.ts';

test('where an operator says nothing, everything that weakens a connection is off', () =>
  expect(defaultDeployment).toEqual({
    allowedAddresses: [],
    trustedCertificates: [],
    ports: 'unrestricted',
    retry: { firstDelaySeconds: 300, attempts: 10, uncertainAttempts: 2 },
    allowUnencrypted: false,
    allowBasicAuthenticationUnencrypted: false,
    allowCredentialsOverInsecureChannel: false,
    allowDirectoryAuthentication: false,
    alertRetentionDays: 30,
    allowProfileCredentialsForIncoming: true,
  }));
