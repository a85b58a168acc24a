/** One answer of a POP3 server (RFC 1939 section 3, RFC 2449 section 8). */
export interface Reply {
  readonly ok: boolean;
  /** Extended response code without brackets, in upper case, such as `IN-USE` or `SYS/TEMP`. */
  readonly code: string | null;
  /** The rest of the line. */
  readonly text: string;
}

/** Reads a status line; null when it is none. The text is read as UTF-8 (RFC 6856). */
export const parseReply = (line: Buffer): Reply | null => {
  const found = /^(\+OK|-ERR)(?:[ \t]+(.*))?$/i.exec(line.toString('utf8'));
  if (found === null) return null;
  const [, status = '', rest = ''] = found;
  const [, code, text] = /^\[([A-Za-z0-9/_-]{1,40})\]\s*(.*)$/.exec(rest) ?? [];
  return {
    ok: status === '+OK' || status.toLowerCase() === '+ok',
    code: code?.toUpperCase() ?? null,
    text: text ?? rest,
  };
};

/** A challenge within AUTH: `+ ` and base64 (RFC 5034); null when the line is none. */
export const parseChallenge = (line: Buffer): Buffer | null => {
  const found = /^\+(?: ([A-Za-z0-9+/]*={0,2}))?\s*$/.exec(line.toString('latin1'));
  return found === null ? null : Buffer.from(found[1] ?? '', 'base64');
};
