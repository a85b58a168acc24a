import { type Account, maySendAs } from '../accounts/account.ts';
import type { Connection } from '../wire/connection.ts';
import type { Conversation, Variables } from '../wire/conversation.ts';
import type { SmtpSettings } from './smtp-settings.ts';

/** MAIL, RCPT and DATA of one connection. */
export interface Transaction {
  login(): Account | undefined;
  loggedIn(account: Account): void;
  reset(): void;
  /** Fills the placeholders of scripted answers; the address in a MAIL or RCPT counts before its effect. */
  variables(command?: string, argument?: string): Variables;
  /** Answers the command, unless `said`; the effect happens either way. */
  command(command: 'MAIL' | 'RCPT' | 'DATA', argument: string, said: boolean): Promise<'over' | undefined>;
}

/** The state between EHLO and QUIT. */
export const createTransaction = (
  settings: SmtpSettings,
  connection: Connection,
  conversation: Conversation,
): Transaction => {
  let login: Account | undefined;
  let from: string | undefined;
  let to: string[] = [];

  const notOwned = (): boolean => login !== undefined && from !== undefined && from !== '' && !maySendAs(login, from);
  const variables = (command = '', argument = ''): Variables => {
    const named = /<([^>]*)>/.exec(argument)?.[1] ?? '';
    return {
      user: login?.userName ?? '',
      address: login?.address ?? '',
      from: command === 'MAIL' ? named : (from ?? ''),
      to: command === 'RCPT' ? named : (to.at(-1) ?? ''),
    };
  };
  const reset = (): void => {
    from = undefined;
    to = [];
  };

  const mail = (argument: string): string => {
    if (settings.authRequired && login === undefined) return '530 5.7.0 Authentication required';
    if (from !== undefined) return '503 5.5.1 Error: nested MAIL command';
    const parsed = /^FROM: *<([^>]*)>(.*)$/i.exec(argument);
    if (parsed === null) return '501 5.5.4 Syntax: MAIL FROM:<address>';
    const size = Number(/ SIZE=(\d+)/i.exec(parsed[2] ?? '')?.[1] ?? 0);
    if (size > settings.maxSize) return '552 5.3.4 Message size exceeds fixed limit';
    from = parsed[1] ?? '';
    if (settings.senderCheckedAt === 'MAIL' && notOwned()) {
      const refused = refusedSender(from, login);
      from = undefined;
      return refused;
    }
    return '250 2.1.0 Ok';
  };

  const rcpt = (argument: string): string => {
    if (from === undefined) return '503 5.5.1 Error: need MAIL command';
    const parsed = /^TO: *<([^>]+)>/i.exec(argument);
    if (parsed?.[1] === undefined) return '501 5.5.4 Syntax: RCPT TO:<address>';
    if (settings.senderCheckedAt === 'RCPT' && notOwned()) return refusedSender(from, login);
    const known = settings.accounts.byAddress(parsed[1]) !== undefined;
    if (!known && domains(settings).has(domainOf(parsed[1]))) {
      return `550 5.1.1 <${parsed[1]}>: Recipient address rejected: User unknown`;
    }
    to.push(parsed[1]);
    return '250 2.1.5 Ok';
  };

  const data = async (said: boolean): Promise<'over' | undefined> => {
    if (from === undefined || to.length === 0) {
      await connection.writeLines([
        from === undefined ? '503 5.5.1 Error: need MAIL command' : '554 5.5.1 Error: no valid recipients',
      ]);
      return undefined;
    }
    if (!said) await connection.writeLines(['354 End data with <CR><LF>.<CR><LF>']);
    const content = await readContent(connection, settings.maxSize);
    if (content === undefined) return 'over';
    const outcome = await conversation.step('CONTENT', '', variables());
    if (outcome === 'over') return 'over';
    if (outcome !== 'handled') {
      const refused =
        content === 'tooLarge'
          ? '552 5.3.4 Message size exceeds fixed limit'
          : settings.senderCheckedAt === 'CONTENT' && notOwned()
            ? `554 5.2.252 SendAsDenied; ${login?.userName ?? ''} not allowed to send as ${from}`
            : undefined;
      if (content !== 'tooLarge' && refused === undefined) {
        if ((await deliver(content)) === 'over') return 'over';
      }
      if (outcome === 'usual') await connection.writeLines([refused ?? '250 2.0.0 Ok: queued']);
    }
    reset();
    return undefined;
  };

  const deliver = async (content: Buffer): Promise<'over' | undefined> => {
    for (const recipient of to) {
      const account = settings.accounts.byAddress(recipient);
      if (account === undefined) continue;
      const outcome = await conversation.step('deliver', '', { ...variables(), to: recipient });
      if (outcome === 'over') return 'over';
      const message = settings.onDeliver({ from: from ?? '', to: account.address, content });
      if (message !== undefined && outcome !== 'handled')
        settings.store.deliver(message.to, message.content, message.folder);
    }
    return undefined;
  };

  return {
    login: () => login,
    loggedIn: (account) => {
      login = account;
    },
    reset,
    variables,
    command: async (command, argument, said) => {
      if (command === 'DATA') return data(said);
      const answer = command === 'MAIL' ? mail(argument) : rcpt(argument);
      if (!said) await connection.writeLines([answer]);
      return undefined;
    },
  };
};

const refusedSender = (from: string, login: Account | undefined): string =>
  `553 5.7.1 <${from}>: Sender address rejected: not owned by user ${login?.userName ?? ''}`;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const domains = (settings: SmtpSettings): ReadonlySet<string> =>
  new Set(settings.accounts.all().map(({ address }) => domainOf(address)));

/** The content up to the lone dot, dots unstuffed; too much is read to its end and reported. */
const readContent = async (connection: Connection, limit: number): Promise<Buffer | 'tooLarge' | undefined> => {
  const lines: Buffer[] = [];
  let size = 0;
  for (;;) {
    const line = await connection.readRawLine();
    if (line === undefined) return undefined;
    if (line.length === 1 && line[0] === 0x2e) break;
    const plain = line[0] === 0x2e ? line.subarray(1) : line;
    size += plain.length + 2;
    if (size <= limit) lines.push(plain, Buffer.from('\r\n'));
  }
  return size > limit ? 'tooLarge' : Buffer.concat(lines);
};
