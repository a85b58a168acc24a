import type { Connection } from '../wire/connection.ts';
import type { Exchange } from './mechanism.ts';

/** What an exchange over base64 lines is made from. */
export interface LineExchangeOptions {
  readonly connection: Connection;
  /** What stands before a challenge: `334 ` in SMTP, `+ ` in IMAP and POP3. */
  readonly prefix: string;
  readonly hostName: string;
  readonly tokenError: Readonly<Record<string, string>>;
}

/** An exchange as SMTP, IMAP and POP3 carry it: base64, a line each; a lone `*` cancels. */
export const lineExchange = ({ connection, prefix, hostName, tokenError }: LineExchangeOptions): Exchange => ({
  hostName,
  tokenError,
  challenge: async (data) => {
    await connection.writeLines([prefix + Buffer.from(data).toString('base64')]);
    const line = await connection.readLine((text) => (text === '*' || text === '' ? text : '***'));
    return line === undefined || line === '*' ? undefined : decoded(line);
  },
});

/** An initial response: `=` stands for an empty one. */
export const decoded = (text: string): string => (text === '=' ? '' : Buffer.from(text, 'base64').toString('utf8'));
