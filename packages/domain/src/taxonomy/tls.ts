import type { KindOfFailure } from './kind-of-failure.ts';

/** Encryption and certificates. Nothing here is ever overridden silently: there is no opportunistic TLS. */
export const tlsKinds = {
  StartTlsNotOffered: {
    phase: 'starttls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice:
      '{host} offers no encryption on port {port}. Choose TLS on port {tlsPort}. If it used to offer it, somebody may be interfering with the connection: tell the operator.',
  },
  StartTlsRefused: {
    phase: 'starttls',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'tls',
    advice:
      '{host} offers encryption but refuses to start it. This is for the mail provider to repair; TLS on port {tlsPort} may work.',
  },
  StartTlsInjection: {
    phase: 'starttls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice:
      'Something was slipped into the connection to {host} before it was encrypted. Somebody may be tampering with it: enter no password and tell the operator.',
  },
  TlsHandshakeFailed: {
    phase: 'tls',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'tls',
    advice:
      'No encrypted connection to {host} on port {port} could be agreed. Check port and encryption, then ask the mail provider.',
  },
  TlsVersionUnsupported: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'tls',
    advice:
      '{host} knows only outdated encryption, which is not safe any more. The mail provider has to bring the server up to date (TLS 1.2 or newer).',
  },
  TlsHandshakeTimeout: {
    phase: 'tls',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'tls',
    advice:
      '{host} began no encrypted connection on port {port} in time. Check port and encryption: the port may expect STARTTLS.',
  },
  CertificateExpired: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice: 'The certificate of {host} has expired ({validTo}). The mail provider has to renew it.',
  },
  CertificateNotYetValid: {
    phase: 'tls',
    disposition: 'uncertain',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate of {host} is not valid yet ({validFrom}). Either the mail provider installed it too early, or the clock of this installation is wrong.',
  },
  CertificateHostnameMismatch: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate shown for {host} was issued for other names ({names}). Enter one of them as host in the profile, or ask the mail provider.',
  },
  CertificateUntrusted: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate of {host} was not issued by an authority that is trusted here ({reason}). The mail provider has to install a complete one, or the operator adds its authority to the trusted certificates.',
  },
  CertificateRevoked: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate of {host} was revoked by the authority that issued it. The mail provider has to replace it.',
  },
  CertificateMisused: {
    phase: 'tls',
    disposition: 'permanent',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate of {host} was not issued for servers or is not acceptable. The mail provider has to replace it.',
  },
  CertificateExpiringSoon: {
    phase: 'tls',
    disposition: 'warning',
    scope: 'profile',
    field: 'host',
    advice:
      'The certificate of {host} expires in {days} days ({validTo}). The mail provider should renew it before then.',
  },
} as const satisfies Readonly<Record<string, KindOfFailure>>;
