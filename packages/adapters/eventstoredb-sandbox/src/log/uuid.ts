const HEX = /^[0-9a-f]{32}$/;

/**
 * The canonical form of an event id (lower case, dashes), or undefined when the server would refuse it: the forms with
 * braces or parentheses and without dashes are accepted, the nil id is not.
 */
export function canonicalUuid(text: string): string | undefined {
  const bare = text.replace(/^[{(](.*)[})]$/, '$1').toLowerCase();
  const dashed = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(bare);
  const hex = dashed ? bare.replaceAll('-', '') : bare;
  if (!HEX.test(hex) || /^0+$/.test(hex)) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
