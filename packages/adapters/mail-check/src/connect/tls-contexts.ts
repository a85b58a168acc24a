import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

const extraAuthorities = (): readonly string[] => {
  const path = process.env['NODE_EXTRA_CA_CERTS'];
  if (path === undefined) return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    // Node warns about it at the start and goes on without; so do we.
    return [];
  }
};

/** Naming an authority replaces the default ones, so they are named too. */
const withDefaults = (trusted: readonly string[]): string[] => [
  ...tls.rootCertificates,
  ...extraAuthorities(),
  ...trusted,
];

/**
 * One context for all checks that trust the same authorities: building it costs more than a handshake. TLS 1.2 or
 * newer (RFC 8314 section 3), certificates verified against the system's authorities and `trusted` (PEM).
 */
export const createTlsContext = (
  trusted: readonly string[],
  revocationLists: readonly string[] = [],
): tls.SecureContext =>
  tls.createSecureContext({
    minVersion: 'TLSv1.2',
    ...(trusted.length > 0 ? { ca: withDefaults(trusted) } : {}),
    ...(revocationLists.length > 0 ? { crl: [...revocationLists] } : {}),
  });

/** How many sessions are kept; a bulk run talks to few servers. */
const maxSessions = 1_000;

/** TLS sessions of bulk runs. A session is found only under the run and the endpoint that made it by a full handshake. */
export interface SessionCache {
  readonly find: (bulkRun: string | null, endpoint: string) => Buffer | null;
  readonly keep: (bulkRun: string | null, endpoint: string, session: Buffer) => void;
}

export const createSessionCache = (): SessionCache => {
  const sessions = new Map<string, Buffer>();
  return {
    find: (bulkRun, endpoint) => (bulkRun === null ? null : (sessions.get(`${bulkRun}\n${endpoint}`) ?? null)),
    keep: (bulkRun, endpoint, session) => {
      if (bulkRun === null) return;
      sessions.set(`${bulkRun}\n${endpoint}`, session);
      const oldest = sessions.keys().next();
      if (sessions.size > maxSessions && oldest.done !== true) sessions.delete(oldest.value);
    },
  };
};
