/** What a server says that it can do (CAPA, RFC 2449). */
export interface Capabilities {
  /** Names of mechanisms, in upper case. */
  readonly sasl: readonly string[];
  readonly user: boolean;
  readonly stls: boolean;
  readonly top: boolean;
  readonly uidl: boolean;
  /** Several commands may be sent before the first is answered. */
  readonly pipelining: boolean;
  /** Least seconds between two logins. */
  readonly loginDelaySeconds: number | null;
  /** Days after which messages may be deleted; 0: as soon as they have been fetched. */
  readonly expireDays: number | null;
}

/** More lines than this are no capability list. */
const maxLines = 200;

const number = (words: readonly string[] | undefined): number | null => {
  const value = Number(words?.[1]);
  return Number.isInteger(value) && value >= 0 ? value : null;
};

/** Reads the lines of a CAPA answer. Unknown ones are skipped; names count without case. */
export const parseCapabilities = (lines: readonly Buffer[]): Capabilities => {
  const entries = new Map<string, readonly string[]>();
  for (const line of lines.slice(0, maxLines)) {
    const words = line.toString('latin1').trim().toUpperCase().split(/\s+/);
    const [name = ''] = words;
    if (name !== '') entries.set(name, words);
  }
  return {
    sasl: entries.get('SASL')?.slice(1) ?? [],
    user: entries.has('USER'),
    stls: entries.has('STLS'),
    top: entries.has('TOP'),
    uidl: entries.has('UIDL'),
    pipelining: entries.has('PIPELINING'),
    loginDelaySeconds: number(entries.get('LOGIN-DELAY')),
    expireDays: number(entries.get('EXPIRE')),
  };
};
