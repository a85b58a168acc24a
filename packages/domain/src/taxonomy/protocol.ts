import type { KindOfFailure } from './kind-of-failure.ts';

/** Who answered, and whether in the protocol and the encryption that the profile names. */
export const protocolKinds = {
  GreetingTimeout: {
    phase: 'greeting',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'port',
    advice:
      '{host} took the connection on port {port} and then said nothing. Check port and encryption; if they are right, the server is overloaded.',
  },
  TlsExpectedOnPort: {
    phase: 'greeting',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice: 'Port {port} of {host} expects TLS from the start. Choose TLS as encryption in the profile.',
  },
  PlaintextOnTlsPort: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice:
      'Port {port} of {host} does not start with TLS. Choose STARTTLS as encryption in the profile, or the port for TLS ({tlsPort}).',
  },
  ProtocolMismatch: {
    phase: 'greeting',
    disposition: 'permanent',
    scope: 'profile',
    field: 'port',
    advice:
      'What answers on port {port} of {host} does not speak {protocol} but {found}. Correct the port or the protocol in the profile; the usual ports for {protocol} are {usualPorts}.',
  },
  ServerRejectedConnection: {
    phase: 'greeting',
    disposition: 'uncertain',
    scope: 'profile',
    field: null,
    advice:
      'The server {host} turns connections from this installation away. Ask the mail provider whether its address is blocked there.',
  },
  MalformedResponse: {
    phase: 'session',
    disposition: 'uncertain',
    scope: 'profile',
    field: null,
    advice:
      'The answers of {host} do not follow {protocol}. Check host and port; if they are right, tell the mail provider.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
