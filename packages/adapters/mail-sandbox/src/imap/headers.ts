/** Header and body of a message. */
export const divided = (content: Buffer): { readonly header: Buffer; readonly body: Buffer } => {
  const end = content.indexOf('\r\n\r\n');
  return end < 0
    ? { header: content, body: Buffer.alloc(0) }
    : { header: content.subarray(0, end + 4), body: content.subarray(end + 4) };
};

/** Each field of a header as it stands there, continuation lines included. */
export const fieldsOf = (
  content: Buffer,
): readonly { readonly name: string; readonly value: string; readonly raw: string }[] =>
  divided(content)
    .header.toString('utf8')
    .split(/\r?\n(?![ \t])/)
    .flatMap((raw) => {
      const colon = raw.indexOf(':');
      if (colon < 1) return [];
      return [
        {
          name: raw.slice(0, colon).toLowerCase(),
          value: raw
            .slice(colon + 1)
            .replace(/\r?\n\s+/g, ' ')
            .trim(),
          raw,
        },
      ];
    });

/** The first field of this name, without folding. */
export const fieldOf = (content: Buffer, name: string): string | undefined =>
  fieldsOf(content).find((field) => field.name === name.toLowerCase())?.value;
