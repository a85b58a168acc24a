import pg, { type ClientBase, type QueryConfig, type QueryResultRow } from 'pg';
import { migrate } from './schema.ts';

/** A pool of connections on tables that are up to date. */
export interface PostgresDatabase {
  readonly rows: <Row extends QueryResultRow>(query: QueryConfig) => Promise<readonly Row[]>;
  /** One transaction on one connection; whatever it throws rolls back. `begin` may ask for an isolation level. */
  readonly transaction: <Result>(work: (client: ClientBase) => Promise<Result>, begin?: string) => Promise<Result>;
  readonly connect: () => Promise<pg.PoolClient>;
  readonly close: () => Promise<void>;
}

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with the options of libpq. */
  readonly connectionString: string;
  /** Connections at the same time; default 4. */
  readonly maxConnections?: number;
}

/** Connects when first asked. A server that goes away is an error of each call, never of the process. */
export const openPostgres = ({ connectionString, maxConnections = 4 }: PostgresOptions): PostgresDatabase => {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'mailroom',
  });
  // An idle connection that breaks is replaced at the next call, which is where trouble is told.
  pool.on('error', () => undefined);

  let ready: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      await migrate(client);
    } finally {
      client.release();
    }
  };
  const connect = async (): Promise<pg.PoolClient> => {
    ready ??= prepare().catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    await ready;
    return pool.connect();
  };

  return {
    connect,
    rows: async <Row extends QueryResultRow>(query: QueryConfig) => {
      const client = await connect();
      try {
        return (await client.query<Row>(query)).rows;
      } finally {
        client.release();
      }
    },
    transaction: async (work, begin = 'BEGIN') => {
      const client = await connect();
      let broken: Error | undefined;
      try {
        await client.query(begin);
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failed: unknown) => {
          broken = failed instanceof Error ? failed : new Error('rollback failed');
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
};
