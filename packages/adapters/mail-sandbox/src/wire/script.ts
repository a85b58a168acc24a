import type { Gate } from './gate.ts';

/**
 * A moment in a conversation at which a script may step in: `connect` (accepted, nothing sent), `tls` (before a
 * handshake, also the one after STARTTLS), `greeting`, `auth` (the credentials are complete, the verdict is due),
 * `deliver` (an accepted message is about to be stored), or the name of a command in capitals; the end of a
 * message's content is `CONTENT`.
 */
export type Step = 'connect' | 'tls' | 'greeting' | 'auth' | 'deliver' | Uppercase<string>;

/** What becomes of the connection after a scripted answer. */
export type Afterwards = 'goOn' | 'close' | 'reset' | 'silence';

/** What a script does at a step instead of, or before, the usual thing. */
export type Reaction =
  /** The usual answer, but only when the gate is open and the milliseconds have passed. */
  | { readonly do: 'answer'; readonly gate?: Gate; readonly afterMs?: number }
  /**
   * These lines instead of the usual answer. `{tag}`, `{user}`, `{address}`, `{from}`, `{to}` are filled in. With
   * `effect` the command still has its effect (a STARTTLS still becomes TLS, a login still counts).
   */
  | { readonly do: 'reply'; readonly lines: readonly string[]; readonly effect?: boolean; readonly then?: Afterwards }
  /** Exactly these bytes, as soon as the peer has sent something when `onData` is set. */
  | { readonly do: 'bytes'; readonly bytes: Uint8Array; readonly onData?: boolean; readonly then?: Afterwards }
  | { readonly do: 'silence' }
  | { readonly do: 'close' }
  | { readonly do: 'reset' };

/** One line of a script. */
export interface Rule {
  readonly at: Step | readonly Step[];
  readonly reaction: Reaction;
  /** Steps in only this many times, then the usual thing happens: how a failure heals. Default: always. */
  readonly times?: number;
  /** Under which name the times are counted; default: the steps. */
  readonly name?: string;
  /** Steps in only when this holds for what the peer sent (secrets in it are masked). */
  readonly when?: (line: string) => boolean;
}

/** The usual answer, late: when `gate` opens, and not before `afterMs`. */
export const hold = (gate?: Gate, afterMs?: number): Reaction => ({
  do: 'answer',
  ...(gate === undefined ? {} : { gate }),
  ...(afterMs === undefined ? {} : { afterMs }),
});

/** Other lines than the usual answer; lines are given without CR LF. */
export const reply = (
  lines: string | readonly string[],
  options: { readonly effect?: boolean; readonly then?: Afterwards } = {},
): Reaction => ({ do: 'reply', lines: typeof lines === 'string' ? [lines] : lines, ...options });

/** Other bytes than the usual answer. */
export const bytes = (
  content: string | Uint8Array,
  options: { readonly onData?: boolean; readonly then?: Afterwards } = {},
): Reaction => ({ do: 'bytes', bytes: typeof content === 'string' ? Buffer.from(content) : content, ...options });

/** Never answers again, keeps the connection. */
export const silence = (): Reaction => ({ do: 'silence' });

/** Ends the connection in an orderly way (FIN). */
export const closeConnection = (): Reaction => ({ do: 'close' });

/** Breaks the connection (RST). */
export const resetConnection = (): Reaction => ({ do: 'reset' });

/** A fatal TLS alert in the place of a handshake, the same on every OpenSSL: 70 protocol version, 40 handshake failure. */
export const tlsAlert = (description: number): Reaction => ({
  do: 'bytes',
  bytes: Uint8Array.of(0x15, 0x03, 0x01, 0x00, 0x02, 0x02, description),
  onData: true,
  then: 'close',
});
