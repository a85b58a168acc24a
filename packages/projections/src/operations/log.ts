import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from '../configuration/process-settings.ts';
import { scrubber } from './scrub.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  /** For a person's terminal: a line of words instead of JSON. */
  readonly isPretty: boolean;
  /** Values that must never show, whatever is logged. */
  readonly secrets: readonly string[];
}

/** Keys whose value is a secret wherever it stands. */
const secretKeys = ['password', 'secret', 'token', 'authorization', 'passphrase', 'privateKey', 'key', 'credentials'];

/** An error without its cause and fields: those may hold what a driver was given. */
const errorOf = (error: unknown): unknown =>
  error instanceof Error ? { type: error.name, message: error.message, ...codeOf(error) } : { type: typeof error };
const codeOf = (error: Error): object =>
  'code' in error && typeof error.code === 'string' ? { code: error.code } : {};

/** A structured log. Lines go through a last filter that knows the secrets of this process. */
export const createLog = ({ level, write, isPretty, secrets }: LogOptions): Logger => {
  const scrub = scrubber(secrets);
  const lines: DestinationStream = { write: (line) => write(scrub(line)) };
  const words = (): DestinationStream => {
    const format = pretty.prettyFactory({
      colorize: true,
      singleLine: true,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname,app,projection,kind,version',
      messageFormat: '{if projection}{projection} {end}{msg}',
    });
    return { write: (line) => write(scrub(format(JSON.parse(line) as object))) };
  };
  return pino(
    {
      level,
      base: { app: 'mailroom', pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorOf, error: errorOf },
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '***' },
    },
    isPretty ? words() : lines,
  );
};
