import {
  type CheckOptions,
  EmailAddress,
  Host,
  type ProbeCredentials,
  type ProbeTarget,
  Secret,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { createProbe } from '../check/create-probe.ts';
import type { CheckBody } from '../check/run-check.ts';
import type { ConnectionPolicy } from '../connect/connection-policy.ts';
import type { Connector, OpenedConnection } from '../connect/connector-types.ts';

export const policy: ConnectionPolicy = {
  allowedAddresses: ['127.0.0.0/8', '::1/128'],
  trustedCertificates: [],
  ports: 'unrestricted',
  allowUnencrypted: true,
  allowBasicAuthenticationUnencrypted: true,
};

export const secret = 'correct horse battery';

export const target: ProbeTarget & { readonly protocol: 'pop3' } = {
  protocol: 'pop3',
  host: Host.orThrow('127.0.0.1'),
  port: 110,
  tls: 'none',
  mechanism: 'auto',
  address: EmailAddress.orThrow('ada@example.test'),
  loginTemplate: null,
  folderTemplate: null,
  deadlineMs: 10_000,
};

export const credentials: ProbeCredentials = {
  userName: 'ada@example.test',
  secret: new Secret(secret),
  kind: 'password',
  ofProfile: false,
};

/** One check whose protocol is the body of a test. */
export const run = (
  body: CheckBody,
  given: {
    readonly target?: Partial<Omit<ProbeTarget, 'host'>> & { readonly host?: string };
    readonly credentials?: Partial<ProbeCredentials>;
    readonly options?: CheckOptions;
  } = {},
) => {
  const { host, ...rest } = given.target ?? {};
  return createProbe({
    protocol: 'pop3',
    steps: () => ['policy', 'dns', 'connect', 'tls', 'greeting', 'auth'],
    body,
  }).check(
    { ...target, ...rest, protocol: 'pop3', ...(host === undefined ? {} : { host: Host.orThrow(host) }) },
    { ...credentials, ...given.credentials },
    given.options,
  );
};

/** Opens the target and passes. */
export const opening =
  (connector: Connector, then: (opened: OpenedConnection) => void = () => undefined): CheckBody =>
  async (check) => {
    const opened = await connector.open(check);
    if (E.isLeft(opened)) return opened;
    then(opened.right);
    return E.right(undefined);
  };
