import type { AlertMailer, AlertMailMessage, Failure, ProbeTarget } from '@mailroom/domain';
import { Secret } from '@mailroom/domain';
import { type Check, type Connector, createProbe } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { AlertMailServer } from './alert-mail-server.ts';
import { submit } from './submit.ts';

export interface AlertMailerOptions {
  readonly server: AlertMailServer;
  /** Of the deployment: alert mail obeys its address and port policy like everything that connects. */
  readonly connector: Connector;
  /** Limit of one mail in milliseconds; default 60,000. */
  readonly deadlineMs?: number;
}

/** Phases in which a server answers for good; whatever goes wrong before them, an operator can put right meanwhile. */
const finalPhases: readonly Failure['phase'][] = ['auth', 'mailFrom', 'rcptTo'];

const isRefusal = ({ disposition, phase }: Failure): boolean =>
  disposition === 'permanent' && finalPhases.includes(phase);

/** Sends alert mail over the deployment's own server; each mail on a connection of its own. */
export const alertMailer = ({ server, connector, deadlineMs = 60_000 }: AlertMailerOptions): AlertMailer => {
  const closing = new AbortController();
  const { host, port, tls, from: address, login } = server;
  const target: ProbeTarget & { readonly protocol: 'smtp' } = {
    ...{ protocol: 'smtp', host, port, tls, address, mechanism: 'auto', deadlineMs },
    loginTemplate: null,
    folderTemplate: null,
  };
  const credentials = {
    userName: login?.userName ?? '',
    secret: login?.password ?? new Secret(''),
    kind: 'password',
    ofProfile: false,
  } as const;

  const converse = async (check: Check, mail: AlertMailMessage): Promise<E.Either<Failure, void>> => {
    const isInClear = tls === 'none' && !connector.policy.allowBasicAuthenticationUnencrypted;
    if (login !== null && isInClear) return check.fail('ConnectionNotEncrypted', {}, { disposition: 'permanent' });
    const opened = await connector.open(check);
    return E.isLeft(opened) ? opened : submit({ check, connector, opened: opened.right, server, mail });
  };

  return {
    send: (mail) => async () => {
      const probe = createProbe({
        protocol: 'smtp',
        steps: () => ['policy', 'dns', 'connect', ...(tls === 'tls' ? (['tls'] as const) : []), 'mailFrom'],
        body: (check) => converse(check, mail),
      });
      const { failure } = await probe.check(target, credentials, { signal: closing.signal });
      if (failure === null) return E.right(undefined);
      const _tag = isRefusal(failure) ? 'AlertMailRefused' : 'AlertMailUnavailable';
      return E.left({ _tag, kind: failure.kind });
    },
    close: async () => {
      closing.abort();
    },
  };
};
