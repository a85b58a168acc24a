import type { Check } from './check.ts';
import { tlsPorts } from './failures.ts';

/** How long to wait in clear on a port where a server usually waits for TLS: its silence is the likely answer. */
const onTlsPortMs = 4_000;

/**
 * How long to wait for a greeting: `limitMs`, but so that a quarter of the deadline is left for finding out why there
 * is none. Tarpits keep a client waiting for up to half a minute.
 */
export const greetingLimitMs = (check: Check, limitMs: number): number => {
  const { tls, port, protocol } = check.target;
  const patient = Math.min(limitMs, 0.75 * check.remainingMs());
  return tls !== 'tls' && port === tlsPorts[protocol] ? Math.min(patient, onTlsPortMs) : patient;
};
