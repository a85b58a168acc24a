import { type Checked, checked, words, yesOrNo } from './reader.ts';

/** One setting of a process: how it is named in each place, what it may be, and what it is when nobody says. */
export interface ProcessSetting<A> {
  /** As on the command line, with its argument: `--store <store>`. */
  readonly flag: string;
  readonly variable: string;
  readonly description: string;
  readonly codec: Checked<A>;
  /** What a flag or a variable says, as the file would say it. Text that does not fit is returned as it is. */
  readonly parse: (text: string) => unknown;
  readonly fallback: A | null;
  /** A path: in the file, relative to it. */
  readonly isPath: boolean;
  /** May hold a password: never printed, best given as a variable. */
  readonly isSecret: boolean;
}

type Given<A> = Pick<ProcessSetting<A>, 'flag' | 'variable' | 'description' | 'codec'> & Partial<ProcessSetting<A>>;
const setting = <A>(given: Given<A>): ProcessSetting<A> => ({
  parse: (text) => text,
  fallback: null,
  isPath: false,
  isSecret: false,
  ...given,
});

const wholeFrom = (low: number, high: number) =>
  checked(
    `a whole number from ${low} to ${high}`,
    (input): input is number => Number.isInteger(input) && Number(input) >= low && Number(input) <= high,
  );
const numberIn = (text: string): unknown => (/^\d{1,9}$/.test(text) ? Number(text) : text);

const names = checked(
  'names of views or processes, such as mailboxes',
  (input): input is readonly string[] =>
    Array.isArray(input) && input.length > 0 && input.every((name) => typeof name === 'string' && name !== ''),
);

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof levels)[number];
const level = checked(
  `one of ${levels.join(', ')}`,
  (input): input is LogLevel => typeof input === 'string' && (levels as readonly string[]).includes(input),
);

const listenAddress = /^(\[[0-9a-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i;
const address = checked(
  'an address and a port, such as 127.0.0.1:9464',
  (input): input is string => typeof input === 'string' && Number(listenAddress.exec(input)?.[2] ?? 65_536) <= 65_535,
);

/**
 * Everything that a process of the command can be told, in one table: the flags, the environment variables, the part
 * `process` of the configuration file, and the pages of docs/ follow from it. A flag wins over a variable, a variable
 * over the file.
 */
export const processSettings = {
  store: setting({
    flag: '--store <store>',
    variable: 'MAILROOM_STORE',
    description: 'the history: a SQLite file, or an esdb:// address',
    codec: words,
    isPath: true,
    isSecret: true,
  }),
  views: setting({
    flag: '--views <store>',
    variable: 'MAILROOM_VIEWS',
    description: 'where rows are kept: a SQLite file, or a postgres:// address; default: the SQLite file of the store',
    codec: words,
    isPath: true,
    isSecret: true,
  }),
  vault: setting({
    flag: '--vault <folder>',
    variable: 'MAILROOM_VAULT',
    description: 'the vault, which opens names, addresses and secrets',
    codec: words,
    isPath: true,
  }),
  vaultKey: setting({
    flag: '--vault-key <file>',
    variable: 'MAILROOM_VAULT_KEY',
    description: 'the key file of the vault',
    codec: words,
    isPath: true,
  }),
  vaultKeyVariable: setting({
    flag: '--vault-key-env <variable>',
    variable: 'MAILROOM_VAULT_KEY_ENV',
    description: 'the environment variable that holds the key of the vault, in place of a key file',
    codec: words,
  }),
  only: setting({
    flag: '--only <names>',
    variable: 'MAILROOM_ONLY',
    description:
      'only these, separated by commas: mailboxes, process/testing, …; what is left out nobody keeps here, and on EventStoreDB that may be chain, the tamper evidence; default: every view, and that chain',
    codec: names,
    parse: (text) => text.split(',').map((name) => name.trim()),
  }),
  processes: setting({
    flag: '--processes',
    variable: 'MAILROOM_PROCESSES',
    description:
      'also run the process managers: carry out checks, retries and follow-ups by the deployment of --config',
    codec: yesOrNo,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    fallback: false,
  }),
  onPoison: setting<'halt' | 'park'>({
    flag: '--on-poison <policy>',
    variable: 'MAILROOM_ON_POISON',
    description: 'an event that cannot be applied halts its projection (halt), or only its key waits (park)',
    codec: checked('halt or park', (input): input is 'halt' | 'park' => input === 'halt' || input === 'park'),
    fallback: 'halt',
  }),
  listen: setting({
    flag: '--listen <address>',
    variable: 'MAILROOM_LISTEN',
    description: 'serve /health/live, /health/ready and /metrics there; default: do not',
    codec: address,
  }),
  staleAfterSeconds: setting({
    flag: '--stale-after <seconds>',
    variable: 'MAILROOM_STALE_AFTER',
    description: 'not ready when behind without progress, or the store unconfirmed, for this long',
    codec: wholeFrom(1, 86_400),
    parse: numberIn,
    fallback: 60,
  }),
  concurrency: setting({
    flag: '--concurrency <checks>',
    variable: 'MAILROOM_CONCURRENCY',
    description: 'mail checks at the same time',
    codec: wholeFrom(1, 1000),
    parse: numberIn,
    fallback: 32,
  }),
  logLevel: setting<LogLevel>({
    flag: '--log-level <level>',
    variable: 'MAILROOM_LOG_LEVEL',
    description: 'what is logged to standard error',
    codec: level,
    fallback: 'info',
  }),
} as const;

export type ProcessKey = keyof typeof processSettings;
type ValueOf<S> = S extends ProcessSetting<infer A> ? A : never;

/** The settings of one process, from wherever they came. null: nobody said, and there is no default. */
export type ProcessSettings = {
  readonly [Key in ProcessKey]: ValueOf<(typeof processSettings)[Key]> | null;
};

export const processKeys = Object.keys(processSettings) as readonly ProcessKey[];
