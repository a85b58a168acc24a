import type { Phase } from '@mailroom/domain';
import type { LineChannel, LineResult, Refusal } from '@mailroom/mail-check';

/** What a status response says (RFC 9051 section 7.1). */
export interface Status {
  readonly status: 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH';
  /** The response code in upper case, without its arguments and brackets. */
  readonly code: string | null;
  readonly codeArguments: string;
  readonly text: string;
}

/** How a command ended. */
export interface Completed {
  readonly _tag: 'Completed';
  /** The tagged response; a BYE when the server said good-bye instead. */
  readonly status: Status;
  /** Texts of untagged NO, BAD and BYE that came before it: some servers say the reason there. */
  readonly remarks: readonly string[];
  /** The newest capability list that came with it, upper case; null when none came. */
  readonly capabilities: readonly string[] | null;
}

/** More lines than this answer no command of a login. */
const maxLines = 500;

const statusLine = /^(OK|NO|BAD|BYE|PREAUTH)(?: +(?:\[([^\]\s]{1,60})(?: +([^\]]{0,8000}))?\] *)?(.*))?$/is;

const decoded = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

/** Reads a line without its tag as a status response; null when it is none. */
export const parseStatus = (rest: string): Status | null => {
  const found = statusLine.exec(rest);
  if (found === null) return null;
  const [, status = '', code, codeArguments = '', text = ''] = found;
  return {
    status: status.toUpperCase() as Status['status'],
    code: code?.toUpperCase() ?? null,
    codeArguments,
    text: decoded(text),
  };
};

/** A capability list as a server wrote it: only what has the form of a name is kept. */
export const capabilityList = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .split(/\s+/)
    .filter((word) => /^[!#$&'+,\-./0-9:;<=>?@A-Z^_`|~]{1,100}$/.test(word));

const capabilitiesIn = ({ code, codeArguments }: Status): readonly string[] | null =>
  code === 'CAPABILITY' ? capabilityList(codeArguments) : null;

/** Bytes of a literal that a line announces at its end; 0: none. */
const literalAfter = (line: string): number => Number(/\{(\d{1,9})\+?\}$/.exec(line)?.[1] ?? 0);

/**
 * Sends a command and reads until it is completed. `onContinue` answers each `+`; null cancels. Anything else than
 * `Completed` is what came instead of an answer.
 */
export const run = async (
  channel: LineChannel,
  signal: AbortSignal,
  tag: string,
  command: string,
  onContinue: (challenge: string) => string | null = () => null,
): Promise<Completed | LineResult> => {
  channel.write(`${tag} ${command}\r\n`);
  const remarks: string[] = [];
  let capabilities: readonly string[] | null = null;
  let literal = 0;
  for (let count = 0; count < maxLines; count += 1) {
    const result = await channel.read(signal);
    if (result._tag !== 'Line') return result;
    const line = result.text;
    const isInsideLiteral = literal > 0;
    literal = isInsideLiteral ? Math.max(0, literal - line.length - 2) : literalAfter(line);
    if (isInsideLiteral) continue;
    if (line.startsWith('+')) {
      channel.write(`${onContinue(line.slice(1).trim()) ?? '*'}\r\n`);
      continue;
    }
    const isTagged = line.startsWith(`${tag} `);
    if (!isTagged && !line.startsWith('* ')) break;
    const rest = line.slice(isTagged ? tag.length + 1 : 2);
    const status = parseStatus(rest);
    capabilities = (status === null ? null : capabilitiesIn(status)) ?? capabilities;
    if (/^CAPABILITY /i.test(rest)) capabilities = capabilityList(rest.slice(11));
    if (status === null) {
      if (isTagged) break;
      continue;
    }
    if (isTagged || status.status === 'BYE') return { _tag: 'Completed', status, remarks, capabilities };
    if (status.status !== 'OK') remarks.push(`${status.code === null ? '' : `[${status.code}] `}${status.text}`);
  }
  return { _tag: 'TooLong', pending: Buffer.alloc(0) };
};

/** A refusal as the classifier takes it. */
export const refusalOf = (
  phase: Phase,
  command: string,
  { status, code, text }: Status,
  remarks: readonly string[] = [],
): Refusal => ({
  protocol: 'imap',
  phase,
  command,
  code,
  reply: null,
  status: status === 'BAD' || status === 'BYE' ? status : 'NO',
  text: [text, ...remarks].filter((part) => part !== '').join(' '),
});
