import type { FoundFailure } from '../../mailbox/index.ts';

/** So many checks in a row, with no success in between, have to fail on the way to a server before it is spared. */
const failuresToOpen = 3;

/** The way to the server, before anybody has logged in: all mailboxes share it. */
const phasesOfTheWay: ReadonlySet<string> = new Set(['dns', 'connect', 'proxy', 'tls', 'greeting', 'starttls']);

const isOfTheWay = ({ phase, scope, kind }: FoundFailure): boolean =>
  scope === 'profile' && (phasesOfTheWay.has(phase) || kind === 'ServerTemporarilyUnavailable');

/** Spares a server in trouble the checks of every mailbox, and the mailboxes the waiting. */
export interface Breaker {
  /** The failure that stands for a check that need not be tried now; null: try. */
  readonly known: (endpoint: string, at: Date) => FoundFailure | null;
  /** How a check that was tried ended; null: it passed. Failures that only concern one mailbox count as reaching the server. */
  readonly learn: (endpoint: string, failure: FoundFailure | null, at: Date) => void;
}

/**
 * Opened only by connectivity, TLS or overload, never by one mailbox's login; closed by the first check that gets
 * through. While it is open, one check in each interval is let through to find out. Kept in memory: after a restart a
 * few checks find out again.
 */
export const breaker = (intervalSeconds: number): Breaker => {
  const endpoints = new Map<string, { failures: number; last: FoundFailure; closedUntil: number }>();

  return {
    known: (endpoint, at) => {
      const entry = endpoints.get(endpoint);
      if (entry === undefined || entry.failures < failuresToOpen) return null;
      if (at.getTime() < entry.closedUntil) return entry.last;
      entry.closedUntil = at.getTime() + intervalSeconds * 1000;
      return null;
    },
    learn: (endpoint, failure, at) => {
      if (failure === null || !isOfTheWay(failure)) {
        endpoints.delete(endpoint);
        return;
      }
      const failures = (endpoints.get(endpoint)?.failures ?? 0) + 1;
      endpoints.set(endpoint, { failures, last: failure, closedUntil: at.getTime() + intervalSeconds * 1000 });
    },
  };
};
