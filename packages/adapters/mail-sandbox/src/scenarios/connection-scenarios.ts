import type { Protocol } from '../behaviours/behaviour.ts';
import { bytes, closeConnection, reply, resetConnection, type Rule, silence, type Step } from '../wire/script.ts';
import { buildScenario, type Setup } from './build-scenario.ts';
import type { Scenario } from './scenario.ts';

const rules = (at: Step, reaction: Rule['reaction'], tls: Setup['tls'] = 'starttls'): Setup => ({
  tls,
  server: { rules: [{ at, reaction }] },
});

/** A line so long that no server means it; then the connection stays. */
const endless = (start: string): Uint8Array => Buffer.from(start + 'x'.repeat(128 * 1024));

const firstWords = { smtp: '220 ', imap: '* OK ', pop3: '+OK ' } as const;

const rejections: Readonly<Record<Protocol, readonly (readonly [string, string, string])[]>> = {
  smtp: [
    ['554', 'the greeting is 554', '554 5.7.1 Service unavailable; client host [127.0.0.1] blocked'],
    ['521', 'the greeting is 521 (RFC 7504)', '521 mail.example.test does not accept mail from you'],
    [
      '421-policy',
      'the greeting is 421 with a policy code',
      '421 4.7.0 Connections from your address are not accepted',
    ],
  ],
  imap: [['bye', 'the greeting is BYE', '* BYE Connections from your address are not accepted']],
  pop3: [['err', 'the greeting is -ERR', '-ERR Connections from your address are not accepted']],
};

const busy: Readonly<Record<Protocol, string>> = {
  smtp: '421 4.3.2 Service not available, closing transmission channel',
  imap: '* BYE [UNAVAILABLE] Server shutting down.',
  pop3: '-ERR [SYS/TEMP] Server shutting down, try again later.',
};

const foreign: readonly (readonly [string, string])[] = [
  ['http', 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n'],
  ['ssh', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'],
];

/** Failures of the connection itself, of the greeting, and other protocols on the port. */
export const connectionScenarios = (protocol: Protocol): readonly Scenario[] => [
  buildScenario(protocol, 'refused', 'ConnectionRefused', 'nobody listens on the port', { nobody: 'closed' }),
  buildScenario(protocol, 'unanswered', 'ConnectTimeout', 'the connection is never established (Linux)', {
    nobody: 'deaf',
  }),
  buildScenario(
    protocol,
    'reset',
    'ConnectionReset',
    'reset as soon as connected',
    rules('connect', resetConnection()),
  ),
  buildScenario(protocol, 'reset-in-handshake', 'ConnectionReset', 'reset instead of a TLS handshake', {
    server: { rules: [{ at: 'tls', reaction: bytes('', { onData: true, then: 'reset' }) }] },
  }),
  buildScenario(protocol, 'reset-at-login', 'ConnectionReset', 'reset instead of an answer to the login', {
    server: { rules: [{ at: 'auth', reaction: resetConnection() }] },
    truth: { scope: 'mailbox' },
  }),
  buildScenario(
    protocol,
    'closed-before-greeting',
    'ConnectionClosedByServer',
    'closed without a greeting',
    rules('greeting', closeConnection()),
  ),
  buildScenario(
    protocol,
    'closed-before-greeting-tls',
    'ConnectionClosedByServer',
    'closed without a greeting, after TLS',
    rules('greeting', closeConnection(), 'tls'),
  ),
  buildScenario(protocol, 'closed-at-login', 'ConnectionClosedByServer', 'closed instead of an answer to the login', {
    ...rules('auth', closeConnection()),
    truth: { scope: 'mailbox' },
  }),
  buildScenario(protocol, 'silent', 'GreetingTimeout', 'connected, but never a greeting', rules('connect', silence())),
  buildScenario(
    protocol,
    'silent-after-tls',
    'GreetingTimeout',
    'TLS, but never a greeting',
    rules('greeting', silence(), 'tls'),
  ),
  buildScenario(protocol, 'silent-at-login', 'AuthTimeout', 'never an answer to the login', rules('auth', silence())),
  buildScenario(protocol, 'tls-expected', 'TlsExpectedOnPort', 'the port wants TLS from the first byte', {
    tls: 'starttls',
    serverTls: 'tls',
  }),
  buildScenario(protocol, 'plain-text-on-tls-port', 'PlaintextOnTlsPort', 'the port speaks before any TLS', {
    serverTls: 'starttls',
  }),
  ...(['smtp', 'imap', 'pop3'] as const)
    .filter((other) => other !== protocol)
    .flatMap((other) =>
      (['tls', 'starttls'] as const).map((tls) =>
        buildScenario(
          protocol,
          `${other}-on-port-${tls}`,
          'ProtocolMismatch',
          `the port is one of ${other.toUpperCase()}`,
          {
            tls,
            serverProtocol: other,
          },
        ),
      ),
    ),
  ...foreign.map(([name, banner]) =>
    buildScenario(
      protocol,
      `${name}-on-port`,
      'ProtocolMismatch',
      `the port is one of ${name.toUpperCase()}`,
      rules('greeting', bytes(banner, { then: 'silence' })),
    ),
  ),
  ...rejections[protocol].map(([name, when, line]) =>
    buildScenario(
      protocol,
      `greeting-${name}`,
      'ServerRejectedConnection',
      when,
      rules('greeting', reply(line, { then: 'close' })),
    ),
  ),
  buildScenario(
    protocol,
    'greeting-unavailable',
    'ServerTemporarilyUnavailable',
    'the greeting says that the server is going down',
    rules('greeting', reply(busy[protocol], { then: 'close' })),
  ),
  buildScenario(
    protocol,
    'malformed-greeting',
    'MalformedResponse',
    'a greeting of no known protocol',
    rules('greeting', reply('banana banana banana')),
  ),
  buildScenario(
    protocol,
    'endless-line',
    'MalformedResponse',
    'a greeting of a hundred thousand characters without an end',
    rules('greeting', bytes(endless(firstWords[protocol]), { then: 'silence' })),
  ),
];
