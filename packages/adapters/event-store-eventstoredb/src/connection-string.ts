import { EventStoreDBClient } from '@eventstore/db-client';

/** The parts of a connection string that this adapter has to know. */
export interface ConnectionTarget {
  /** Passed with every append so that the client makes a call of its own of it; undefined where there is no user. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** The string of a client with a connection that it shares with nobody. */
  readonly stringFor: (connection: number) => string;
}

/** On an insecure connection the client sends no credentials; any pair makes it append by a call of its own. */
const NOBODY = { username: 'nobody', password: 'nothing' };
/** The client's own default, in milliseconds. */
const KEEP_ALIVE_TIMEOUT = 10_000;
/** What stands for "never" where a number is needed: the longest time a timer can have, less room to count. */
const NEVER = 2_000_000_000;

/** What the client knows. It prints the whole string, password included, when it meets anything else. */
const KEYS: ReadonlySet<string> = new Set(
  [
    'tls',
    'tlsCAFile',
    'tlsVerifyCert',
    'userCertFile',
    'userKeyFile',
    'defaultDeadline',
    'keepAliveInterval',
    'keepAliveTimeout',
    'maxDiscoverAttempts',
    'discoveryInterval',
    'gossipTimeout',
    'nodePreference',
    'connectionName',
    'throwOnAppendFailure',
  ].map((key) => key.toLowerCase()),
);

const flat = (key: string): string => key.trim().toLowerCase().replaceAll(/[_-]/g, '');

/** Thrown when a store is made from a connection string that cannot be read. It never quotes the string. */
export class InvalidConnectionString extends Error {
  override readonly name = 'InvalidConnectionString';
  constructor(expected: string) {
    super(`connectionString: expected ${expected}`);
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidConnectionString('user and password in percent-encoding');
  }
};

/**
 * Reads a connection string. Connections that agree in host and options share one HTTP/2 connection, with its 100 calls,
 * whatever the client's name; another keep-alive time-out is the smallest difference that makes one of its own.
 */
export function connectionTarget(connectionString: string, appendBy: 'ownCall' | 'sharedStream'): ConnectionTarget {
  const [address = '', query = ''] = connectionString.trim().split('?', 2);
  const form = /^esdb(?:\+discover)?:\/\/(?:(?<user>[^:@/]+):(?<password>[^@/]+)@)?[^@/]+\/?$/.exec(address);
  if (form === null) throw new InvalidConnectionString('esdb://[user:password@]host[:port] or esdb+discover://…');
  const parameters = query === '' ? [] : query.split('&').map((part) => part.split('=', 2));
  if (!parameters.every(([name = '']) => KEYS.has(flat(name)))) {
    throw new InvalidConnectionString('only keys that the client knows');
  }
  const valueOf = (key: string): string | undefined => parameters.find(([name = '']) => flat(name) === key)?.[1];
  const secure = valueOf('tls')?.trim().toLowerCase() !== 'false';
  const { user, password } = form.groups ?? {};
  const own =
    user === undefined || password === undefined ? undefined : { username: decoded(user), password: decoded(password) };
  if (secure && own === undefined && appendBy === 'ownCall') {
    throw new InvalidConnectionString(
      'user:password@ before the host, as the connection is secure (tls=false otherwise)',
    );
  }

  const others = parameters.filter(([name = '']) => flat(name) !== 'keepalivetimeout').map((part) => part.join('='));
  const asked = Number(valueOf('keepalivetimeout') ?? KEEP_ALIVE_TIMEOUT);
  if (!Number.isInteger(asked) || asked < -1)
    throw new InvalidConnectionString('keepAliveTimeout in milliseconds, or -1');
  const base = asked === -1 ? NEVER : asked;
  const target: ConnectionTarget = {
    credentials: own ?? (secure ? undefined : NOBODY),
    stringFor: (connection) =>
      `${address.replace(/\/$/, '')}?${[...others, `keepAliveTimeout=${base + connection}`].join('&')}`,
  };
  try {
    // The client reads certificates and checks keys and numbers; it does not connect yet.
    EventStoreDBClient.connectionString(target.stringFor(0));
  } catch (error) {
    // Its own message quotes the string, password included.
    const isFile = error instanceof Error && /certificate|userCertFile|userKeyFile/i.test(error.message);
    throw new InvalidConnectionString(isFile ? 'certificate files that exist' : 'the keys and values of the client');
  }
  return target;
}
