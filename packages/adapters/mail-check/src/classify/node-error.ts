import type { FailureKind } from '@mailroom/domain';

interface NodeError {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly _err?: unknown;
  readonly message?: unknown;
}

/** How deep wrapped errors are followed. */
const maxDepth = 5;

/**
 * The codes of Node and OpenSSL that an error carries, the most telling first: libraries overwrite `code` and keep the
 * truth in `originalCode`, in `cause`, or in the list of an AggregateError.
 */
export const errorCodes = (error: unknown, depth = 0): readonly string[] => {
  if (typeof error !== 'object' || error === null || depth > maxDepth) return [];
  const { originalCode, code, cause, _err, errors } = error as NodeError;
  const own = [originalCode, code].filter((each) => typeof each === 'string');
  const nested = [cause, _err, ...(Array.isArray(errors) ? (errors as readonly unknown[]) : [])];
  return [...own, ...nested.flatMap((each) => errorCodes(each, depth + 1))];
};

const kindsByCode: ReadonlyMap<string, FailureKind> = new Map<string, FailureKind>(
  Object.entries({
    ENOTFOUND: 'DnsNotFound',
    ENODATA: 'DnsNotFound',
    EBADNAME: 'DnsNotFound',
    EAI_NONAME: 'DnsNotFound',
    EAI_NODATA: 'DnsNotFound',
    EAI_AGAIN: 'DnsTemporaryFailure',
    EAI_FAIL: 'DnsTemporaryFailure',
    EAI_MEMORY: 'LocalResources',
    ESERVFAIL: 'DnsTemporaryFailure',
    EREFUSED: 'DnsTemporaryFailure',
    ETIMEOUT: 'DnsTemporaryFailure',
    EFORMERR: 'DnsTemporaryFailure',
    EBADRESP: 'DnsTemporaryFailure',
    ENOTIMP: 'DnsTemporaryFailure',
    ECANCELLED: 'DnsTemporaryFailure',
    ECONNREFUSED: 'ConnectionRefused',
    EHOSTUNREACH: 'HostUnreachable',
    ENETUNREACH: 'HostUnreachable',
    EHOSTDOWN: 'HostUnreachable',
    ENETDOWN: 'HostUnreachable',
    EADDRNOTAVAIL: 'NoUsableAddress',
    EAFNOSUPPORT: 'NoUsableAddress',
    ETIMEDOUT: 'ConnectTimeout',
    ECONNRESET: 'ConnectionReset',
    EPIPE: 'ConnectionReset',
    ECONNABORTED: 'ConnectionReset',
    EPROXY: 'ProxyFailed',
    EACCES: 'EgressBlocked',
    EPERM: 'EgressBlocked',
    ERR_ACCESS_DENIED: 'EgressBlocked',
    EMFILE: 'LocalResources',
    ENFILE: 'LocalResources',
    ENOBUFS: 'LocalResources',
    ENOMEM: 'LocalResources',
    CERT_HAS_EXPIRED: 'CertificateExpired',
    CERT_NOT_YET_VALID: 'CertificateNotYetValid',
    ERR_TLS_CERT_ALTNAME_INVALID: 'CertificateHostnameMismatch',
    ERR_TLS_CERT_ALTNAME_FORMAT: 'CertificateHostnameMismatch',
    HOSTNAME_MISMATCH: 'CertificateHostnameMismatch',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'CertificateUntrusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'CertificateUntrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'CertificateUntrusted',
    UNABLE_TO_GET_ISSUER_CERT: 'CertificateUntrusted',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'CertificateUntrusted',
    CERT_UNTRUSTED: 'CertificateUntrusted',
    CERT_CHAIN_TOO_LONG: 'CertificateUntrusted',
    CERT_SIGNATURE_FAILURE: 'CertificateUntrusted',
    INVALID_CA: 'CertificateUntrusted',
    CERT_REVOKED: 'CertificateRevoked',
    INVALID_PURPOSE: 'CertificateMisused',
    CERT_REJECTED: 'CertificateMisused',
    ERR_SSL_WRONG_VERSION_NUMBER: 'PlaintextOnTlsPort',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'PlaintextOnTlsPort',
    ERR_SSL_RECORD_TOO_SMALL: 'PlaintextOnTlsPort',
    ERR_SSL_HTTP_REQUEST: 'PlaintextOnTlsPort',
    ERR_SSL_UNSUPPORTED_PROTOCOL: 'TlsVersionUnsupported',
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TlsVersionUnsupported',
    ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY: 'TlsVersionUnsupported',
    ERR_SSL_NO_CIPHERS_AVAILABLE: 'TlsVersionUnsupported',
    ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'TlsVersionUnsupported',
    ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'TlsVersionUnsupported',
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': 'TlsVersionUnsupported',
    ERR_SSL_DH_KEY_TOO_SMALL: 'TlsVersionUnsupported',
    ERR_SSL_EE_KEY_TOO_SMALL: 'TlsVersionUnsupported',
    ERR_SSL_CA_KEY_TOO_SMALL: 'TlsVersionUnsupported',
    ERR_SSL_CA_MD_TOO_WEAK: 'TlsVersionUnsupported',
    ERR_SSL_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED: 'TlsVersionUnsupported',
    CA_MD_TOO_WEAK: 'TlsVersionUnsupported',
    EE_KEY_TOO_SMALL: 'TlsVersionUnsupported',
    EPROTO: 'TlsHandshakeFailed',
  }),
);

/** What the codes of an error mean by themselves, wherever it happened. Null when none is known. */
export const kindOfNodeError = (error: unknown): FailureKind | null => {
  for (const code of errorCodes(error)) {
    const kind = kindsByCode.get(code);
    if (kind !== undefined) return kind;
    if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.startsWith('ERR_OSSL_'))
      return 'TlsHandshakeFailed';
  }
  return null;
};

/** The same code means different things in different phases; this is the answer for one. */
export const kindInPhase = (phase: 'dns' | 'connect' | 'tls' | 'starttls', error: unknown): FailureKind => {
  const kind = kindOfNodeError(error);
  if (phase === 'dns') return kind === 'DnsNotFound' || kind === 'LocalResources' ? kind : 'DnsTemporaryFailure';
  if (phase === 'connect') return kind ?? 'HostUnreachable';
  if (kind === 'ConnectTimeout') return 'TlsHandshakeTimeout';
  return kind ?? 'TlsHandshakeFailed';
};
