/**
 * How a server cuts what it sends into packets: every single byte, every `every` bytes, or at the given offsets,
 * counted in the bytes of plain text sent on one connection (also across STARTTLS). Absent: one packet a reply.
 */
export type Split = 'byte' | { readonly every: number } | { readonly at: readonly number[] };

/** The pieces in which `content` is sent when `sent` bytes went before it. */
export const pieces = (content: Uint8Array, split: Split | undefined, sent: number): readonly Uint8Array[] => {
  if (split === undefined || content.length === 0) return [content];
  const cuts: number[] = [];
  if (split === 'byte' || 'every' in split) {
    const size = split === 'byte' ? 1 : Math.max(1, split.every);
    for (let cut = size; cut < content.length; cut += size) cuts.push(cut);
  } else {
    for (const offset of [...split.at].sort((a, b) => a - b)) {
      const cut = offset - sent;
      if (cut > 0 && cut < content.length && cut !== cuts.at(-1)) cuts.push(cut);
    }
  }
  return [0, ...cuts].map((from, index) => content.subarray(from, cuts[index] ?? content.length));
};
