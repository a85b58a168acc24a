import type { ReadStreamOptions, RecordedEvent, StreamName } from '@mailroom/domain';
import type { TurnDependencies } from './turn.ts';

/** The events of one stream, or a part of them, as of now. Throws when SQLite does. */
export const readStream = (
  { database, log, streams, reader }: TurnDependencies,
  stream: StreamName,
  { from, to, backwards = false, limit }: ReadStreamOptions = {},
): readonly RecordedEvent[] => {
  const number = streams.find(stream);
  if (number === undefined) return [];

  // One snapshot for what is in memory and what is in the index.
  database.sql('BEGIN').run([]);
  try {
    log.catchUp();
    const last = log.revisionOf(number);
    if (last === 'noStream') return [];
    let low = Math.max(0, (backwards ? to : from) ?? 0);
    let high = Math.min(last, (backwards ? from : to) ?? last);
    if (limit !== undefined) {
      if (backwards) low = Math.max(low, high - limit + 1);
      else high = Math.min(high, low + limit - 1);
    }
    if (low > high) return [];
    const events = reader.at(log.positions(number, low, high));
    return backwards ? [...events].reverse() : events;
  } finally {
    database.sql('COMMIT').run([]);
  }
};
