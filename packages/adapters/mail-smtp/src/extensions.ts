import type { SmtpReply } from './reply.ts';

/** What a server announced with EHLO over this channel. */
export interface Extensions {
  readonly startTls: boolean;
  readonly smtpUtf8: boolean;
  /** Several commands may be sent before the first is answered (RFC 2920). */
  readonly pipelining: boolean;
  /** SASL mechanisms in upper case. */
  readonly mechanisms: ReadonlySet<string>;
  /** Largest message in bytes (RFC 1870); 0: no fixed limit; null: not announced. */
  readonly maxMessageBytes: number | null;
  /** Every line, for recognising a server. */
  readonly lines: readonly string[];
}

/** Reads an answer to EHLO. An answer to HELO announces nothing. */
export const extensionsOf = ({ lines }: SmtpReply): Extensions => {
  const announced = lines.slice(1).map((line) => line.trim());
  const has = (word: string): boolean => announced.some((line) => line.toUpperCase().split(/\s/)[0] === word);
  const size = announced.map((line) => /^SIZE(?:\s+(\d{1,15}))?\s*$/i.exec(line)).find((found) => found !== null);
  return {
    startTls: has('STARTTLS'),
    smtpUtf8: has('SMTPUTF8'),
    pipelining: has('PIPELINING'),
    // Servers of the nineties wrote AUTH=LOGIN, and some still do beside the proper line.
    mechanisms: new Set(
      announced.flatMap((line) => {
        const list = /^AUTH[\s=](.*)$/i.exec(line)?.[1];
        return list === undefined
          ? []
          : list
              .toUpperCase()
              .split(/[\s=]+/)
              .filter((word) => word !== '');
      }),
    ),
    maxMessageBytes: size === undefined ? null : Number(size[1] ?? 0),
    lines: announced,
  };
};
