import type { Protocol } from '@mailroom/domain';
import type { LineChannel } from '../wire/line-channel.ts';

type Verdict = 'more' | 'yes' | 'no';

/** A command, and what each line of its answer means. */
interface Exchange {
  readonly send: (clientName: string) => string;
  readonly judge: (line: string, index: number) => Verdict;
}

interface Dialect {
  readonly greeting: (line: string, index: number) => Verdict;
  readonly capability: Exchange;
  readonly startTls: Exchange;
  readonly farewell: string;
  /** The capability words in the lines of an answer, upper case. */
  readonly words: (lines: readonly string[]) => readonly string[];
  /** The word that offers an upgrade. */
  readonly upgrade: string;
  readonly mechanisms: (words: readonly string[], lines: readonly string[]) => readonly string[];
}

const listed = (lines: readonly string[], start: RegExp): readonly string[] =>
  lines.flatMap((line) => {
    const found = start.exec(line);
    return found === null
      ? []
      : line
          .slice(found[0].length)
          .trim()
          .split(/[\s=]+/);
  });

const tagged =
  (tag: string) =>
  (line: string): Verdict => {
    if (line.startsWith('* ')) return /^\* BYE\b/i.test(line) ? 'no' : 'more';
    return new RegExp(`^${tag} OK\\b`, 'i').test(line) ? 'yes' : 'no';
  };

const smtpReply =
  (code: string) =>
  (line: string): Verdict => {
    if (!line.startsWith(code)) return 'no';
    return line[3] === '-' ? 'more' : 'yes';
  };

const pop3Status = (line: string): Verdict => (/^\+OK\b/.test(line) ? 'yes' : 'no');

const dialects: Readonly<Record<Protocol, Dialect>> = {
  imap: {
    greeting: (line) => (/^\* OK\b/i.test(line) ? 'yes' : 'no'),
    capability: { send: () => 'C1 CAPABILITY', judge: tagged('C1') },
    startTls: { send: () => 'C2 STARTTLS', judge: tagged('C2') },
    farewell: 'C3 LOGOUT',
    words: (lines) =>
      lines.flatMap((line) => (/^\* CAPABILITY /i.test(line) ? line.slice(13).trim().split(/\s+/) : [])),
    upgrade: 'STARTTLS',
    mechanisms: (words) => words.flatMap((word) => (word.startsWith('AUTH=') ? [word.slice(5)] : [])),
  },
  pop3: {
    greeting: pop3Status,
    capability: {
      send: () => 'CAPA',
      // A server without CAPA says so in one line, and has no STLS.
      judge: (line, index) => {
        if (index === 0) return /^-ERR\b/.test(line) ? 'yes' : pop3Status(line) === 'yes' ? 'more' : 'no';
        return line === '.' ? 'yes' : 'more';
      },
    },
    startTls: { send: () => 'STLS', judge: pop3Status },
    farewell: 'QUIT',
    words: (lines) => lines.slice(1).map((line) => line.trim()),
    upgrade: 'STLS',
    mechanisms: (_, lines) => listed(lines, /^SASL\s/i),
  },
  smtp: {
    greeting: smtpReply('220'),
    capability: { send: (name) => `EHLO ${name}`, judge: smtpReply('250') },
    startTls: { send: () => 'STARTTLS', judge: smtpReply('220') },
    farewell: 'QUIT',
    words: (lines) => lines.slice(1).map((line) => line.slice(4).trim()),
    upgrade: 'STARTTLS',
    mechanisms: (_, lines) => listed(lines, /^250[ -]AUTH[ =]/i),
  },
};

/** More lines than this are no answer to a question about capabilities. */
const maxLines = 100;
/** More mechanisms than this are not listed. */
const maxMechanisms = 20;

/** What a server said of itself. */
export interface Introduction {
  readonly offersUpgrade: boolean;
  readonly mechanisms: readonly string[];
}

const answer = async (
  channel: LineChannel,
  signal: AbortSignal,
  judge: (line: string, index: number) => Verdict,
): Promise<readonly string[] | null> => {
  const lines: string[] = [];
  while (lines.length < maxLines) {
    const result = await channel.read(signal);
    if (result._tag !== 'Line') return null;
    const verdict = judge(result.text, lines.length);
    lines.push(result.text);
    if (verdict !== 'more') return verdict === 'yes' ? lines : null;
  }
  return null;
};

/** Whether the server greets as one of this protocol does. */
export const isGreeted = async (protocol: Protocol, channel: LineChannel, signal: AbortSignal): Promise<boolean> =>
  (await answer(channel, signal, dialects[protocol].greeting)) !== null;

/** Asks what the server can do; null when it does not answer as one of this protocol does. */
export const introduce = async (
  protocol: Protocol,
  channel: LineChannel,
  clientName: string,
  signal: AbortSignal,
): Promise<Introduction | null> => {
  const { capability, words, upgrade, mechanisms } = dialects[protocol];
  channel.write(`${capability.send(clientName)}\r\n`);
  const lines = await answer(channel, signal, capability.judge);
  if (lines === null) return null;
  const all = words(lines).map((word) => word.toUpperCase());
  const named = mechanisms(all, lines).map((name) => name.toUpperCase());
  return {
    offersUpgrade: all.includes(upgrade),
    mechanisms: [...new Set(named.filter((name) => /^[A-Z0-9_-]{1,20}$/.test(name)))].slice(0, maxMechanisms),
  };
};

/** Asks for TLS; whether the server agreed. */
export const agreesToUpgrade = async (
  protocol: Protocol,
  channel: LineChannel,
  clientName: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const { send, judge } = dialects[protocol].startTls;
  channel.write(`${send(clientName)}\r\n`);
  return (await answer(channel, signal, judge)) !== null;
};

/** Says good-bye; nobody waits for the answer. */
export const farewell = (protocol: Protocol, channel: LineChannel): void =>
  channel.write(`${dialects[protocol].farewell}\r\n`);
