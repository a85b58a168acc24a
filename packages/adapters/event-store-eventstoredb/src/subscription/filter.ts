/** Records the server looks at between two checkpoints: a restart looks at no more than these again. */
export const WINDOW = 256;

/** Everything but the server's own. */
const NOT_SYSTEM = '^[^$].*';
/** No event has an empty type. */
const NOTHING = '^$';

/** Characters that mean something in a regular expression, here or in .NET. */
const escaped = (type: string): string => type.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A regular expression for exactly these types: prefixes would also let longer names pass. */
export const patternFor = (types: readonly string[] | undefined): string => {
  if (types === undefined) return NOT_SYSTEM;
  return types.length === 0 ? NOTHING : `^(?:${types.map(escaped).join('|')})$`;
};
