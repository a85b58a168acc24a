import { readFileSync } from 'node:fs';

/** What this application reads from its environment. */
export interface Settings {
  readonly port: number;
  /** Where it keeps its data; made when it is missing. */
  readonly folder: string;
  /** Its users, as JSON. */
  readonly users: string;
  /** Private networks whose mail servers may be connected to, such as 10.0.0.0/8. */
  readonly allowedAddresses: readonly string[];
  /** A certificate authority of the company, besides the public ones. */
  readonly trustedCertificates: readonly string[];
  /** The time this application lives in, for demonstrations: it starts there and goes on. */
  readonly startsAt: Date | null;
}

export const readSettings = (environment: NodeJS.ProcessEnv): Settings => {
  const { PORT, DATA, USERS, ALLOWED_ADDRESSES, TRUSTED_CA, STARTS_AT } = environment;
  if (USERS === undefined) throw new Error('USERS: expected a JSON file with the users of this application');
  const port = Number(PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: expected a number from 0 to 65535');
  const startsAt = STARTS_AT === undefined ? null : new Date(STARTS_AT);
  if (startsAt !== null && Number.isNaN(startsAt.getTime())) throw new Error('STARTS_AT: expected a date-time');
  return {
    port,
    folder: DATA ?? 'data',
    users: USERS,
    allowedAddresses: ALLOWED_ADDRESSES?.split(',') ?? [],
    trustedCertificates: TRUSTED_CA === undefined ? [] : [readFileSync(TRUSTED_CA, 'utf8')],
    startsAt,
  };
};
