import type { Folder, MessageStore, StoredMessage } from '../accounts/message-store.ts';
import { type ImapCommand, textOf, type Token } from './imap-command.ts';
import { fetched } from './imap-fetch.ts';
import { inSet } from './imap-sequence-set.ts';
import { matches } from './imap-search.ts';

/** An open folder as one client sees it. */
export interface Selection {
  /** The untagged answers to SELECT. */
  opening(): readonly string[];
  /** What changed since the client was last told: EXPUNGE, then EXISTS. */
  changes(): readonly string[];
  /** Removes what is flagged as deleted. */
  expunge(only?: (uid: number) => boolean): readonly string[];
  /** The answer to a command on messages, `undefined` when the command is unknown. */
  answer(command: ImapCommand): readonly (string | Buffer)[] | undefined;
}

/** Opens a folder; `readOnly` as by EXAMINE. */
export const createSelection = (store: MessageStore, folder: Folder, readOnly: boolean): Selection => {
  let seen: readonly StoredMessage[] = [...folder.messages];

  const changes = (): readonly string[] => {
    const present = new Set(folder.messages);
    const gone = seen.flatMap((message, index) => (present.has(message) ? [] : [index + 1]));
    const left = seen.length - gone.length;
    seen = [...folder.messages];
    // From the last to the first, so that the numbers of those still to come stay right.
    const expunged = gone.reverse().map((number) => `* ${number} EXPUNGE`);
    return left === seen.length ? expunged : [...expunged, `* ${seen.length} EXISTS`];
  };
  const expunge = (only: (uid: number) => boolean = () => true): readonly string[] => {
    if (readOnly) return [];
    store.remove(
      folder,
      new Set(folder.messages.filter(({ uid, flags }) => flags.has('\\Deleted') && only(uid)).map(({ uid }) => uid)),
    );
    return changes();
  };
  const selected = (set: string, byUid: boolean): readonly (readonly [number, StoredMessage])[] => {
    const last = byUid ? (seen.at(-1)?.uid ?? 0) : seen.length;
    return seen
      .map((message, index) => [index + 1, message] as const)
      .filter(([number, { uid }]) => inSet(set, byUid ? uid : number, last));
  };

  const answer = ({ tag, name, tokens }: ImapCommand): readonly (string | Buffer)[] | undefined => {
    const byUid = name.startsWith('UID ');
    const verb = byUid ? name.slice(4) : name;
    switch (verb) {
      case 'FETCH': {
        const items = fetchItems(tokens[1], byUid);
        const lines = selected(textOf(tokens[0]), byUid).map(([number, message]) =>
          fetched(number, message, items, readOnly),
        );
        return [...lines, `${tag} OK Fetch completed.`];
      }
      case 'SEARCH': {
        const found = seen.flatMap((message, index) =>
          matches(tokens, { message, number: index + 1, lastNumber: seen.length, lastUid: seen.at(-1)?.uid ?? 0 })
            ? [byUid ? message.uid : index + 1]
            : [],
        );
        return [`* SEARCH${found.map((number) => ` ${number}`).join('')}`, `${tag} OK Search completed.`];
      }
      case 'STORE': {
        if (readOnly) return [`${tag} NO [READ-ONLY] Mailbox is read-only`];
        const lines = selected(textOf(tokens[0]), byUid).map(([number, message]) => {
          change(message.flags, textOf(tokens[1]).toUpperCase(), tokens[2]);
          return `* ${number} FETCH (${byUid ? `UID ${message.uid} ` : ''}FLAGS (${[...message.flags].join(' ')}))`;
        });
        const silent = textOf(tokens[1]).toUpperCase().endsWith('.SILENT');
        return [...(silent ? [] : lines), `${tag} OK Store completed.`];
      }
      case 'EXPUNGE': {
        if (readOnly) return [`${tag} NO [READ-ONLY] Mailbox is read-only`];
        const set = textOf(tokens[0]);
        const last = seen.at(-1)?.uid ?? 0;
        return [...expunge(byUid ? (uid) => inSet(set, uid, last) : undefined), `${tag} OK Expunge completed.`];
      }
      default:
        return undefined;
    }
  };

  return {
    changes,
    expunge,
    answer,
    opening: () => [
      '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)',
      `* OK [PERMANENTFLAGS (${readOnly ? '' : '\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*'})] Flags permitted.`,
      `* ${seen.length} EXISTS`,
      '* 0 RECENT',
      `* OK [UIDVALIDITY ${folder.uidValidity}] UIDs valid`,
      `* OK [UIDNEXT ${folder.uidNext}] Predicted next UID`,
    ],
  };
};

const fetchItems = (token: Token | undefined, byUid: boolean): readonly string[] => {
  const asked = typeof token === 'string' ? [token] : (token ?? []).map(textOf);
  return byUid && !asked.some((item) => item.toUpperCase() === 'UID') ? ['UID', ...asked] : asked;
};

const change = (flags: Set<string>, mode: string, token: Token | undefined): void => {
  const named = (typeof token === 'string' ? [token] : (token ?? []).map(textOf)).map((flag) =>
    flag.startsWith('\\') ? `\\${flag.charAt(1).toUpperCase()}${flag.slice(2).toLowerCase()}` : flag,
  );
  if (!mode.startsWith('+') && !mode.startsWith('-')) flags.clear();
  for (const flag of named) {
    if (mode.startsWith('-')) flags.delete(flag);
    else flags.add(flag);
  }
};
