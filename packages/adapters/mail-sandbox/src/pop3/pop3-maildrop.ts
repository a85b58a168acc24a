import type { Folder, StoredMessage } from '../accounts/message-store.ts';

/** The messages of one POP3 session: a picture of the inbox at login, with marks for deletion. */
export interface Maildrop {
  /** UIDs to remove at QUIT. */
  readonly deleted: ReadonlySet<number>;
  /** The answer to a command of the transaction state. */
  command(command: string, argument: string): readonly string[];
}

/** Opens the maildrop; commands in `without` are unknown to it. */
export const createMaildrop = (folder: Folder, without: ReadonlySet<string>): Maildrop => {
  const messages: readonly StoredMessage[] = [...folder.messages];
  const deleted = new Set<number>();
  const unique = (message: StoredMessage): string => `${folder.uidValidity}.${message.uid}`;
  const present = (): readonly (readonly [number, StoredMessage])[] =>
    messages.map((message, index) => [index + 1, message] as const).filter(([, { uid }]) => !deleted.has(uid));

  const listing = (argument: string, show: (message: StoredMessage) => string): readonly string[] => {
    if (argument === '') {
      return [
        `+OK ${present().length} messages:`,
        ...present().map(([number, message]) => `${number} ${show(message)}`),
        '.',
      ];
    }
    return one(argument, (number, message) => [`+OK ${number} ${show(message)}`]);
  };
  const one = (
    argument: string,
    answer: (number: number, message: StoredMessage) => readonly string[],
  ): readonly string[] => {
    const found = present().find(([number]) => String(number) === argument);
    return found === undefined ? ["-ERR There's no such message."] : answer(...found);
  };

  return {
    deleted,
    command: (command, argument) => {
      if (without.has(command)) return ['-ERR Unknown command.'];
      switch (command) {
        case 'STAT': {
          const size = present().reduce((sum, [, { content }]) => sum + content.length, 0);
          return [`+OK ${present().length} ${size}`];
        }
        case 'LIST':
          return listing(argument, ({ content }) => String(content.length));
        case 'UIDL':
          return listing(argument, unique);
        case 'RETR':
          return one(argument, (_, { content }) => [`+OK ${content.length} octets`, ...stuffed(content), '.']);
        case 'TOP': {
          const [number = '', lines = '0'] = argument.split(' ');
          return one(number, (_, { content }) => ['+OK', ...stuffed(top(content, Number(lines))), '.']);
        }
        case 'DELE':
          return one(argument, (_, { uid }) => {
            deleted.add(uid);
            return ['+OK Marked to be deleted.'];
          });
        case 'RSET':
          deleted.clear();
          return ['+OK'];
        default:
          return ['-ERR Unknown command.'];
      }
    },
  };
};

/** The lines of a message with leading dots doubled (RFC 1939). */
const stuffed = (content: Buffer): readonly string[] => {
  const lines = content.toString('utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.startsWith('.') ? `.${line}` : line));
};

/** The header, the empty line and the first lines of the body. */
const top = (content: Buffer, count: number): Buffer => {
  const lines = content.toString('utf8').split(/\r?\n/);
  const end = lines.indexOf('');
  return Buffer.from(lines.slice(0, end < 0 ? lines.length : end + 1 + count).join('\r\n'));
};
