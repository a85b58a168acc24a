import { type Account, mayActFor } from '../accounts/account.ts';
import type { Folder } from '../accounts/message-store.ts';
import { type ImapCommand, quoted, textOf, type Token } from './imap-command.ts';
import { createSelection, type Selection } from './imap-selection.ts';
import type { ImapSettings } from './imap-settings.ts';

/** What a logged-in client can do. */
export interface ImapMailbox {
  readonly account: Account;
  /** The answer to a command, its tagged line last. */
  answer(command: ImapCommand): readonly (string | Buffer)[];
}

const specialUse: Readonly<Record<string, string>> = {
  Junk: '\\Junk',
  Sent: '\\Sent',
  Trash: '\\Trash',
  Drafts: '\\Drafts',
};

/** The mailbox of `account`, opened by `login`; the login decides which other people's folders can be reached. */
export const createImapMailbox = (settings: ImapSettings, account: Account, login: Account): ImapMailbox => {
  const { store, accounts } = settings;
  let selection: Selection | undefined;

  const find = (name: string): Folder | undefined => {
    const other = /^user\/([^/]+)(?:\/(.+))?$/.exec(name);
    if (other === null) return store.existing(account.address, name);
    const owner = accounts.byAddress(other[1] ?? '') ?? accounts.find(other[1] ?? '');
    return owner !== undefined && mayActFor(login, owner)
      ? store.existing(owner.address, other[2] ?? 'INBOX')
      : undefined;
  };
  const missing = (tag: string, name: string): readonly string[] => [
    `${tag} NO ${settings.missingFolder.replace('{folder}', name)}`,
  ];
  const quota = (): string => {
    const { usedKiB, limitKiB } = account.quota ?? {};
    return `* QUOTA "" (${limitKiB === undefined ? '' : `STORAGE ${usedKiB ?? 0} ${limitKiB}`})`;
  };

  const open = ({ tag, name, tokens }: ImapCommand): readonly string[] => {
    const wanted = textOf(tokens[0]);
    const folder = find(wanted);
    selection = undefined;
    if (folder === undefined) return missing(tag, wanted);
    selection = createSelection(store, folder, name === 'EXAMINE');
    return [...selection.opening(), `${tag} OK [READ-${name === 'EXAMINE' ? 'ONLY' : 'WRITE'}] ${name} completed.`];
  };
  const list = ({ tag, name, tokens }: ImapCommand): readonly string[] => {
    const [reference, pattern] = tokens.filter((token) => typeof token === 'string');
    if (pattern === '') return [`* ${name} (\\Noselect) "/" ""`, `${tag} OK ${name} completed.`];
    const wanted = new RegExp(`^${escaped(`${reference ?? ''}${pattern ?? ''}`)}$`, 'i');
    return [
      ...store
        .folders(account.address)
        .filter((folder) => wanted.test(folder.name))
        .map(
          (folder) =>
            `* ${name} (${['\\HasNoChildren', specialUse[folder.name]].filter(Boolean).join(' ')}) "/" ${quoted(folder.name)}`,
        ),
      `${tag} OK ${name} completed.`,
    ];
  };
  const status = ({ tag, tokens }: ImapCommand): readonly string[] => {
    const name = textOf(tokens[0]);
    const folder = find(name);
    if (folder === undefined) return missing(tag, name);
    const items = Array.isArray(tokens[1])
      ? (tokens[1] as readonly Token[]).map((item) => textOf(item).toUpperCase())
      : [];
    const values = items.flatMap((item) => (item in counts ? [`${item} ${counts[item]?.(folder) ?? 0}`] : []));
    return [`* STATUS ${quoted(name)} (${values.join(' ')})`, `${tag} OK Status completed.`];
  };

  return {
    account,
    answer: (command) => {
      const { tag, name, tokens } = command;
      switch (name) {
        case 'SELECT':
        case 'EXAMINE':
          return open(command);
        case 'LIST':
        case 'LSUB':
          return list(command);
        case 'STATUS':
          return status(command);
        case 'NAMESPACE':
          return ['* NAMESPACE (("" "/")) (("user/" "/")) NIL', `${tag} OK Namespace completed.`];
        case 'GETQUOTAROOT':
          return [`* QUOTAROOT ${quoted(textOf(tokens[0]))} ""`, quota(), `${tag} OK Getquotaroot completed.`];
        case 'GETQUOTA':
          return [quota(), `${tag} OK Getquota completed.`];
        case 'CREATE':
          store.folder(account.address, textOf(tokens[0]));
          return [`${tag} OK Create completed.`];
        case 'UNSELECT':
        case 'CLOSE': {
          if (name === 'CLOSE') selection?.expunge();
          selection = undefined;
          return [`${tag} OK ${name} completed.`];
        }
        case 'NOOP':
        case 'CHECK':
          return [...(selection?.changes() ?? []), `${tag} OK ${name} completed.`];
        default:
          return selection?.answer(command) ?? [`${tag} BAD Unknown command, or no mailbox selected: ${name}`];
      }
    },
  };
};

const counts: Readonly<Record<string, (folder: Folder) => number>> = {
  MESSAGES: ({ messages }) => messages.length,
  RECENT: () => 0,
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ messages }) => messages.filter(({ flags }) => !flags.has('\\Seen')).length,
};

const escaped = (pattern: string): string =>
  pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '[^/]*');
