import { type EventStore, StreamName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

/** One stream, read as if it were a whole history: for folds of one record. A name that is none reads as no events. */
export const inStream = (store: Pick<EventStore, 'readStream'>, name: string): Pick<EventStore, 'readAll'> => ({
  readAll: async function* ({ types, after, upTo } = {}) {
    const stream = StreamName.from(name);
    if (E.isLeft(stream)) return;
    const read = await store.readStream(stream.right)();
    if (E.isLeft(read)) {
      yield read;
      return;
    }
    const events = read.right.filter(
      ({ type, position }) =>
        (types === undefined || types.includes(type)) &&
        (after === undefined || position > after) &&
        (upTo === undefined || position <= upTo),
    );
    if (events.length > 0) yield E.right(events);
  },
});
