/** One thing that happened on a connection of a sandbox server. */
export interface TranscriptEntry {
  /** Which connection of the server, counted from 1. */
  readonly connection: number;
  /** `client` and `server`: a line that was received or sent; `event`: connected, tls, closed and the like. */
  readonly from: 'client' | 'server' | 'event';
  /** The line without CR LF; passwords, tokens and everything derived from them are `***`. */
  readonly line: string;
}

/** What a server saw and said, secrets masked. */
export interface Transcript {
  readonly entries: readonly TranscriptEntry[];
  /** The lines of one side, in order. */
  lines(from: TranscriptEntry['from'], connection?: number): readonly string[];
  /** Resolves with the first entry, past or future, that fits. */
  seen(fits: (entry: TranscriptEntry) => boolean): Promise<TranscriptEntry>;
  clear(): void;
}

/** The side of a transcript that a server writes to. */
export interface TranscriptWriter extends Transcript {
  add(entry: TranscriptEntry): void;
}

/** Keeps the last `limit` entries (default 10,000), so that a server may run for days. */
export const createTranscript = (limit = 10_000): TranscriptWriter => {
  let entries: TranscriptEntry[] = [];
  let observers: {
    readonly fits: (entry: TranscriptEntry) => boolean;
    readonly tell: (entry: TranscriptEntry) => void;
  }[] = [];
  return {
    get entries() {
      return entries;
    },
    lines: (from, connection) =>
      entries
        .filter((entry) => entry.from === from && (connection === undefined || entry.connection === connection))
        .map((entry) => entry.line),
    seen: (fits) =>
      new Promise((resolve) => {
        const found = entries.find(fits);
        if (found === undefined) observers.push({ fits, tell: resolve });
        else resolve(found);
      }),
    clear: () => {
      entries = [];
    },
    add: (entry) => {
      entries.push(entry);
      if (entries.length > limit) entries = entries.slice(-Math.ceil(limit / 2));
      const told = observers.filter(({ fits }) => fits(entry));
      observers = observers.filter(({ fits }) => !fits(entry));
      for (const { tell } of told) tell(entry);
    },
  };
};
