import type { Protocol } from '../behaviours/behaviour.ts';
import type { FailureKind } from '../behaviours/failure-kind.ts';
import type { CertificateName } from '../certificates/certificates.ts';
import { reply, silence, tlsAlert } from '../wire/script.ts';
import { buildScenario } from './build-scenario.ts';
import type { Need, Scenario } from './scenario.ts';

const certificates: readonly (readonly [CertificateName, FailureKind, string, (readonly Need[])?])[] = [
  ['expired', 'CertificateExpired', 'the certificate has expired'],
  ['notYetValid', 'CertificateNotYetValid', 'the certificate is not valid yet'],
  ['wrongHost', 'CertificateHostnameMismatch', 'the certificate is for another name'],
  ['otherAuthority', 'CertificateUntrusted', 'the certificate is signed by an authority nobody trusts'],
  ['otherAuthorityWithRoot', 'CertificateUntrusted', 'the same, and the server sends that authority too'],
  ['selfSigned', 'CertificateUntrusted', 'the certificate signed itself'],
  ['missingIntermediate', 'CertificateUntrusted', 'the server does not send its intermediate certificate'],
  ['wrongPurpose', 'CertificateMisused', 'the certificate is one for clients'],
  ['revoked', 'CertificateRevoked', 'the certificate is on the revocation list', ['crl']],
  ['expiringSoon', 'CertificateExpiringSoon', 'the certificate ends in a few days'],
];

const command = { smtp: 'STARTTLS', imap: 'STARTTLS', pop3: 'STLS' } as const;

const refusals: Readonly<Record<Protocol, readonly (readonly [string, string])[]>> = {
  smtp: [['454', '454 4.7.0 TLS not available due to temporary reason']],
  imap: [
    ['no', '{tag} NO TLS is not available now'],
    ['bad', '{tag} BAD STARTTLS is not available now'],
  ],
  pop3: [['err', '-ERR TLS is not available now']],
};

/** The go-ahead with an answer of an attacker behind it, in one packet and in clear. */
const injected: Readonly<Record<Protocol, readonly string[]>> = {
  smtp: ['220 2.0.0 Ready to start TLS', '250-mail.example.test', '250 AUTH PLAIN'],
  imap: ['{tag} OK Begin TLS negotiation now.', '* CAPABILITY IMAP4rev1 AUTH=PLAIN'],
  pop3: ['+OK Begin TLS negotiation now.', '+OK', 'USER', '.'],
};

/** Failures of encryption: of the upgrade, of the handshake, of the certificate. */
export const tlsScenarios = (protocol: Protocol): readonly Scenario[] => [
  ...certificates.flatMap(([certificate, kind, when, needs]) =>
    (['tls', 'starttls'] as const).map((tls) =>
      buildScenario(protocol, `certificate-${kebab(certificate)}-${tls}`, kind, when, {
        tls,
        certificate,
        ...(needs === undefined ? {} : { needs }),
      }),
    ),
  ),
  buildScenario(protocol, 'starttls-missing', 'StartTlsNotOffered', `${command[protocol]} is not offered`, {
    tls: 'starttls',
    serverTls: 'none',
  }),
  ...refusals[protocol].map(([name, line]) =>
    buildScenario(protocol, `starttls-refused-${name}`, 'StartTlsRefused', `${command[protocol]} is refused`, {
      tls: 'starttls',
      server: { rules: [{ at: command[protocol], reaction: reply(line) }] },
    }),
  ),
  buildScenario(protocol, 'starttls-injection', 'StartTlsInjection', 'more bytes in clear after the go-ahead', {
    tls: 'starttls',
    server: { rules: [{ at: command[protocol], reaction: reply(injected[protocol], { effect: true }) }] },
  }),
  ...(['tls', 'starttls'] as const).flatMap((tls) => [
    buildScenario(
      protocol,
      `old-tls-${tls}`,
      'TlsVersionUnsupported',
      'only versions of TLS that are no longer accepted',
      {
        tls,
        server: { rules: [{ at: 'tls', reaction: tlsAlert(70) }] },
      },
    ),
    buildScenario(protocol, `no-common-cipher-${tls}`, 'TlsVersionUnsupported', 'no cipher in common', {
      tls,
      server: { rules: [{ at: 'tls', reaction: tlsAlert(40) }] },
    }),
    buildScenario(protocol, `handshake-fails-${tls}`, 'TlsHandshakeFailed', 'the handshake ends in an internal error', {
      tls,
      server: { rules: [{ at: 'tls', reaction: tlsAlert(80) }] },
    }),
    buildScenario(protocol, `handshake-silent-${tls}`, 'TlsHandshakeTimeout', 'the handshake is never answered', {
      tls,
      server: { rules: [{ at: 'tls', reaction: silence() }] },
    }),
  ]),
  buildScenario(protocol, 'not-encrypted', 'ConnectionNotEncrypted', 'everything works, but in clear', {
    tls: 'none',
    needs: ['unencrypted'],
  }),
];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
