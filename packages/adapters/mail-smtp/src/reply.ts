import type { Phase } from '@mailroom/domain';
import type { LineChannel, LineResult, Refusal } from '@mailroom/mail-check';

/** A complete answer of an SMTP server (RFC 5321 section 4.2). */
export interface SmtpReply {
  readonly code: number;
  /** Enhanced status code such as 5.7.8 (RFC 3463), from the first line that has one. */
  readonly enhanced: string | null;
  /** Texts of the lines, without codes. */
  readonly lines: readonly string[];
}

/** More lines than this are no answer. Servers announce some twenty extensions. */
const maxLines = 200;

const replyLine = /^(\d{3})([ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})(?:\s|$))?(.*)$/s;

/** Reads an answer from its lines; null when they are none. */
export const parseReply = (text: string): SmtpReply | null => {
  const lines = text.split(/\r?\n/).map((line) => replyLine.exec(line));
  const last = lines.at(-1);
  if (!last || lines.some((line) => line === null)) return null;
  return {
    code: Number(last[1]),
    enhanced: lines.find((line) => line?.[3] !== undefined)?.[3] ?? null,
    lines: lines.map((line) => line?.[4] ?? ''),
  };
};

/** The next answer on a channel. Anything else than a `Reply` is what came instead. */
export const readReply = async (
  channel: LineChannel,
  signal: AbortSignal,
  isHopeless?: (pending: Buffer) => boolean,
): Promise<{ readonly _tag: 'Reply'; readonly text: string; readonly reply: SmtpReply } | LineResult> => {
  const lines: string[] = [];
  for (;;) {
    const result = await channel.read(signal, isHopeless);
    if (result._tag !== 'Line') return result;
    lines.push(result.text);
    const parsed = parseReply(result.text);
    if (parsed === null || lines.length > maxLines) {
      return { _tag: 'TooLong', pending: Buffer.from(lines.join('\r\n'), 'latin1') };
    }
    if (/^\d{3}-/.test(result.text)) continue;
    const text = Buffer.from(lines.join('\n'), 'latin1').toString('utf8');
    return { _tag: 'Reply', text, reply: parseReply(text) ?? parsed };
  }
};

/** A refusal as the classifier takes it. */
export const refusalOf = (phase: Phase, command: string, { code, enhanced, lines }: SmtpReply): Refusal => ({
  protocol: 'smtp',
  phase,
  command,
  code: enhanced,
  reply: code,
  status: null,
  text: lines.join(' '),
});
