import { Socket } from 'node:net';
import type { Failure } from '@mailroom/domain';
import type { Protocol } from '../behaviours/behaviour.ts';
import { hold } from '../wire/script.ts';
import type { MailServerOptions } from '../server-options.ts';
import type { NetworkOfTest } from './network-of-test.ts';

/** A check that fails on our own side: the settings, the policy, the names, the way to the server. */
export interface ClientScenario {
  /** Unique, starts with the protocol. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly truth: Pick<Failure, 'kind' | 'disposition' | 'scope' | 'field'>;
  /** What happens, in words. */
  readonly when: string;
  readonly network: NetworkOfTest;
  /** Instead of a name that leads to the server. */
  readonly host?: string;
  readonly userName?: string;
  /** Logs in with the account of the profile. */
  readonly ofProfile?: boolean;
  readonly deadlineMs?: number;
  /** The check is cancelled before it begins. */
  readonly cancelled?: boolean;
  readonly server?: Pick<MailServerOptions, 'rules'>;
}

const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

const lookUpFails = (code: string): NetworkOfTest => ({ resolver: () => Promise.reject(errorOf(code)) });

/** The name leads to this address, and the connection to it fails like this. */
const connectionFails = (code: string, address: string): NetworkOfTest => ({
  resolver: async () => [{ address, family: address.includes(':') ? 6 : 4 }],
  connect: () => {
    const socket = new Socket();
    setImmediate(() => socket.destroy(errorOf(code)));
    return socket;
  },
});

const publicIPv4 = '93.184.216.34';
const publicIPv6 = '2606:2800:220:1:248:1893:25c8:1946';

/** A deadline that is used up by three steps together, none of which is slow by itself. */
const slowMs = 800;
const slowly: NetworkOfTest = {
  resolver: (_host) =>
    new Promise((resolve) => setTimeout(() => resolve([{ address: '127.0.0.1', family: 4 }]), slowMs)),
  connect: (to) => {
    const socket = new Socket();
    setTimeout(() => socket.connect(to), slowMs);
    return socket;
  },
};

type Rest = Partial<Omit<ClientScenario, 'name' | 'protocol' | 'truth' | 'when'>>;

/** Everything that can go wrong before, or instead of, a conversation with the server. */
export const clientScenarios = (protocol: Protocol): readonly ClientScenario[] => {
  const scenario = (
    name: string,
    [kind, disposition, scope, field]: readonly [
      Failure['kind'],
      Failure['disposition'],
      Failure['scope'],
      Failure['field']?,
    ],
    when: string,
    rest: Rest = {},
  ): ClientScenario => ({
    name: `${protocol}-${name}`,
    protocol,
    truth: { kind, disposition, scope, field: field ?? null },
    when,
    network: {},
    ...rest,
  });

  return [
    scenario(
      'line-break-in-user-name',
      ['InvalidConfiguration', 'permanent', 'mailbox', 'userName'],
      'the user name contains a line break',
      { userName: 'ada\r\nQUIT' },
    ),
    scenario(
      'private-address',
      ['TargetNotAllowed', 'ours', 'profile', 'host'],
      'the host is a private address that the deployment does not name',
      { host: '10.11.12.13' },
    ),
    scenario(
      'name-of-metadata-service',
      ['TargetNotAllowed', 'ours', 'profile', 'host'],
      'the name leads to a metadata service',
      { network: { resolver: async () => [{ address: '169.254.169.254', family: 4 }] } },
    ),
    scenario('no-such-name', ['DnsNotFound', 'permanent', 'profile', 'host'], 'the name does not exist', {
      network: lookUpFails('ENOTFOUND'),
    }),
    scenario(
      'name-servers-fail',
      ['DnsTemporaryFailure', 'transient', 'profile', 'host'],
      'the name servers answer with an error',
      { network: lookUpFails('ESERVFAIL') },
    ),
    scenario(
      'only-ipv6',
      ['NoUsableAddress', 'permanent', 'profile', 'host'],
      'the name has IPv6 addresses only, and there is no way to them from here',
      { network: connectionFails('ENETUNREACH', publicIPv6) },
    ),
    scenario('no-route', ['HostUnreachable', 'uncertain', 'profile', 'host'], 'there is no way to the address', {
      network: connectionFails('EHOSTUNREACH', publicIPv4),
    }),
    scenario('proxy-fails', ['ProxyFailed', 'ours', 'system'], 'the proxy of the host refuses the connection', {
      network: connectionFails('EPROXY', publicIPv4),
    }),
    scenario('egress-blocked', ['EgressBlocked', 'ours', 'system'], 'this computer forbids the connection', {
      network: connectionFails('EACCES', publicIPv4),
    }),
    scenario('no-descriptors', ['LocalResources', 'ours', 'system'], 'this process may open no more files', {
      network: connectionFails('EMFILE', publicIPv4),
    }),
    scenario(
      'slow-all-over',
      ['DeadlineExceeded', 'ours', 'mailbox'],
      'look-up, connection and login together take longer than the time limit',
      {
        network: slowly,
        deadlineMs: 3 * slowMs,
        server: { rules: [{ at: 'auth', reaction: hold(undefined, 2 * slowMs) }] },
      },
    ),
    scenario('cancelled', ['Cancelled', 'ours', 'mailbox'], 'somebody cancels the check', { cancelled: true }),
    ...(protocol === 'smtp'
      ? []
      : [
          scenario(
            'account-of-another',
            ['AuthorizationFailed', 'permanent', 'mailbox', 'userName'],
            'the account of the profile is not the mailbox’s own, and nothing leads from it to the mailbox',
            { ofProfile: true },
          ),
        ]),
  ];
};
