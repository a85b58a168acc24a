/** A message of a sandbox mailbox. */
export interface StoredMessage {
  readonly uid: number;
  readonly content: Buffer;
  readonly receivedAt: Date;
  /** IMAP flags such as `\Seen`. */
  readonly flags: Set<string>;
}

/** A folder of a sandbox mailbox. */
export interface Folder {
  readonly name: string;
  readonly uidValidity: number;
  uidNext: number;
  messages: StoredMessage[];
}

/** The mail that the servers of a sandbox share. */
export interface MessageStore {
  /** The folder, made when it is missing; `INBOX` in any case is the inbox. */
  folder(address: string, name?: string): Folder;
  /** The folder when it is there. INBOX always is. */
  existing(address: string, name: string): Folder | undefined;
  folders(address: string): readonly Folder[];
  /** Stores a message and gives it the next UID. */
  deliver(address: string, content: Buffer | string, folder?: string): StoredMessage;
  /** Removes messages by UID. */
  remove(folder: Folder, uids: ReadonlySet<number>): void;
  /** Resolves when a message that fits is, or has been, delivered to the address. */
  delivered(address: string, fits?: (message: StoredMessage) => boolean): Promise<StoredMessage>;
}

/** An empty store. `uidValidity` (default 1) is that of every folder. */
export const createMessageStore = (uidValidity = 1): MessageStore => {
  const mailboxes = new Map<string, Map<string, Folder>>();
  let observers: {
    readonly address: string;
    readonly fits: (message: StoredMessage) => boolean;
    readonly tell: (message: StoredMessage) => void;
  }[] = [];

  const mailbox = (address: string): Map<string, Folder> => {
    const key = address.toLowerCase();
    const known = mailboxes.get(key);
    if (known !== undefined) return known;
    const made = new Map([['INBOX', newFolder('INBOX')]]);
    mailboxes.set(key, made);
    return made;
  };
  const newFolder = (name: string): Folder => ({ name, uidValidity, uidNext: 1, messages: [] });
  const folder = (address: string, name = 'INBOX'): Folder => {
    const folders = mailbox(address);
    const known = folders.get(canonical(name));
    if (known !== undefined) return known;
    const made = newFolder(canonical(name));
    folders.set(made.name, made);
    return made;
  };

  return {
    folder,
    existing: (address, name) => mailbox(address).get(canonical(name)),
    folders: (address) => [...mailbox(address).values()],
    deliver: (address, content, name) => {
      const into = folder(address, name);
      const message: StoredMessage = {
        uid: into.uidNext,
        content: typeof content === 'string' ? Buffer.from(content) : content,
        receivedAt: new Date(),
        flags: new Set(),
      };
      into.uidNext += 1;
      into.messages.push(message);
      const mine = (observer: (typeof observers)[number]): boolean =>
        observer.address === address.toLowerCase() && observer.fits(message);
      const told = observers.filter(mine);
      observers = observers.filter((observer) => !mine(observer));
      for (const { tell } of told) tell(message);
      return message;
    },
    remove: (from, uids) => {
      from.messages = from.messages.filter(({ uid }) => !uids.has(uid));
    },
    delivered: (address, fits = () => true) =>
      new Promise((resolve) => {
        const found = [...mailbox(address).values()].flatMap(({ messages }) => messages).find(fits);
        if (found === undefined) observers.push({ address: address.toLowerCase(), fits, tell: resolve });
        else resolve(found);
      }),
  };
};

const canonical = (name: string): string => (name.toUpperCase() === 'INBOX' ? 'INBOX' : name);
