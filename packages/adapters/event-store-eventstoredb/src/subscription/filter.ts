import { eventTypeFilter, type Filter, type Position as ServerPosition } from '@eventstore/db-client';

/** Records the server looks at between two checkpoints: a restart looks at no more than these again. */
export const WINDOW = 256;

/** Everything but the server's own. */
const NOT_SYSTEM = '^[^$].*';
/** No event has an empty type. */
const NOTHING = '^$';

/** Characters that mean something in a regular expression, here or in .NET. */
const escaped = (type: string): string => type.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Exactly these types: prefixes would also let longer names pass. */
const patternFor = (types: readonly string[] | undefined): string => {
  if (types === undefined) return NOT_SYSTEM;
  return types.length === 0 ? NOTHING : `^(?:${types.map(escaped).join('|')})$`;
};

/** The filter that the server applies. */
export const filterFor = (
  types: readonly string[] | undefined,
  checkpointReached: (position: ServerPosition) => void,
): Filter =>
  eventTypeFilter({
    regex: patternFor(types),
    maxSearchWindow: WINDOW,
    checkpointInterval: 1,
    // The client waits for it, and for ever when it throws or rejects.
    checkpointReached: (_, position) => {
      checkpointReached(position);
    },
  });
