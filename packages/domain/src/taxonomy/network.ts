import type { KindOfFailure } from './kind-of-failure.ts';

/** The way to the server: names, addresses, connections. All mailboxes of a profile share it. */
export const networkKinds = {
  DnsNotFound: {
    phase: 'dns',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice: 'There is no server with the name {host}. Check its spelling in the profile.',
  },
  DnsTemporaryFailure: {
    phase: 'dns',
    disposition: 'transient',
    scope: 'profile',
    field: 'host',
    advice: 'The name {host} cannot be looked up at the moment. Nothing to do: the test is repeated.',
  },
  NoUsableAddress: {
    phase: 'connect',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice:
      '{host} has no address that this installation can reach, often because it has IPv6 only. Use another name of the server, or ask the operator.',
  },
  ConnectionRefused: {
    phase: 'connect',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'port',
    advice:
      '{host} is there, but nothing answers on port {port}. Check the port in the profile; if it is right, the mail server is down.',
  },
  HostUnreachable: {
    phase: 'connect',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'host',
    advice:
      'There is no way to {host}: a network or a firewall between here and there refuses. Ask the operator of the network.',
  },
  ConnectTimeout: {
    phase: 'connect',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'port',
    advice:
      '{host} does not answer on port {port}. Check host and port; if they are right, a firewall drops the connection. Many networks block port 25: use 587 or 465 there.',
  },
  ConnectionReset: {
    phase: 'connect',
    disposition: 'transient',
    scope: 'profile',
    field: null,
    advice:
      'The server {host} broke the connection off. The test is repeated; if this stays, ask the mail provider whether it blocks the address of this installation.',
  },
  ConnectionClosedByServer: {
    phase: 'greeting',
    disposition: 'uncertain',
    scope: 'profile',
    field: null,
    advice:
      'The server {host} closed the connection without giving a reason. It may be overloaded or may block this installation; after a password some servers do so instead of refusing it. Ask the mail provider.',
  },
  ProxyFailed: {
    phase: 'proxy',
    disposition: 'ours',
    scope: 'system',
    field: null,
    advice:
      'The proxy of this installation could not make the connection. Its operator has to look after it; the mailbox is not at fault.',
  },
  EgressBlocked: {
    phase: 'connect',
    disposition: 'ours',
    scope: 'system',
    field: null,
    advice:
      'The computer that runs this installation is not allowed to make the connection. Its operator has to allow it; the mailbox is not at fault.',
  },
  LocalResources: {
    phase: 'connect',
    disposition: 'ours',
    scope: 'system',
    field: null,
    advice:
      'This installation has run out of connections or memory. Its operator has to look after it; the mailbox is not at fault.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
