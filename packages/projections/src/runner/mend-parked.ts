import type { DomainEvent, EventStore, JsonObject, RecordedEvent, ViewName, ViewStore } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { type Fold, fromJson, toJson } from './definition.ts';
import { decodeBatch, foldBatch } from './fold-batch.ts';
import { parkedOf, parkingLot, parkingPrefix } from './parking.ts';
import type { ParkedKey } from './progress.ts';

/** Nothing was changed. `StillParked`: the event cannot be applied even now. `NotParked`: no such key waits. */
export interface NotMended {
  readonly _tag: 'StillParked' | 'NotParked' | 'Unreachable';
  readonly problem: string;
}

interface Where {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly views: ViewStore;
  readonly view: ViewName;
}

const unreachable = (problem: string): E.Either<NotMended, never> => E.left({ _tag: 'Unreachable', problem });

/** Every key that waits in a build, with the reason and its events. */
export const listParked = async (views: ViewStore, view: ViewName): Promise<readonly ParkedKey[]> => {
  const found: ParkedKey[] = [];
  for await (const { rows } of views.scan(view, { prefix: parkingPrefix })) {
    for (const [, row] of rows) found.push(parkedOf(row));
  }
  return found;
};

const eventsOf = async (
  store: Where['store'],
  { events }: ParkedKey,
): Promise<E.Either<NotMended, readonly RecordedEvent[]>> => {
  const found: RecordedEvent[] = [];
  for (const { stream, revision } of events) {
    const read = await store.readStream(stream, { from: revision, to: revision })();
    if (E.isLeft(read)) return unreachable('the event store cannot be read now');
    found.push(...read.right);
  }
  return E.right(found);
};

/** Takes the fence for a moment: a leader is pushed off, looks again, and goes on with what is written here. */
const mend = async (
  { views, view }: Where,
  key: string,
  work: (
    parked: ParkedKey,
    others: ReturnType<typeof parkingLot>,
  ) => Promise<E.Either<NotMended, Map<string, JsonObject | null>>>,
): Promise<E.Either<NotMended, ParkedKey>> => {
  const opened = await views.open(view)();
  if (E.isLeft(opened)) return unreachable('the view store cannot be reached');
  const { position } = opened.right;
  const others = parkingLot();
  let parked: ParkedKey | undefined;
  for (const one of await listParked(views, view)) {
    if (one.key === key) parked = one;
    else others.restore(parkingPrefix + one.key, toJson(one));
  }
  if (parked === undefined || position === null) {
    return E.left({ _tag: 'NotParked', problem: 'key: expected one of the list of parked keys' });
  }
  const changes = await work(parked, others);
  if (E.isLeft(changes)) return changes;
  const rows = new Map(changes.right).set(parkingPrefix + key, null);
  const committed = await views.commit(view, opened.right, position, rows)();
  return E.isLeft(committed) ? unreachable('a runner wrote the view meanwhile; try again') : E.right(parked);
};

/** Applies the events of a parked key now, with the code as it is now; the key waits no longer. */
export const retryParked = <Row, Event extends DomainEvent>(
  where: Where,
  fold: Fold<Row, Event>,
  key: string,
): Promise<E.Either<NotMended, ParkedKey>> =>
  mend(where, key, async (parked, others) => {
    const events = await eventsOf(where.store, parked);
    if (E.isLeft(events)) return events;
    // Of an event that waits for one row, the other rows have been folded already.
    const ofKey: Fold<Row, Event> = key.startsWith('stream:')
      ? fold
      : { ...fold, keys: (event, recorded) => fold.keys(event, recorded).filter((one) => one === key) };
    const batch = decodeBatch(ofKey, events.right);
    const loaded = await where.views.load(where.view, [...batch.keys])();
    if (E.isLeft(loaded)) return unreachable('the view store cannot be reached');
    const rows = new Map([...loaded.right].map(([name, row]) => [name, fromJson<Row>(row)]));
    const { changes, poison, held } = foldBatch(ofKey, batch, rows, 'halt', others);
    const [first] = poison;
    if (first !== undefined) return E.left({ _tag: 'StillParked', problem: first.reason });
    const writes = new Map<string, JsonObject | null>();
    for (const [name, row] of changes) writes.set(name, row === undefined ? null : toJson(row));
    for (const one of held) writes.set(...others.add(one.key, one.recorded, ''));
    return E.right(writes);
  });

/** Gives its events up: the key waits no longer, and its row goes on without them. */
export const dropParked = (where: Where, key: string): Promise<E.Either<NotMended, ParkedKey>> =>
  mend(where, key, async () => E.right(new Map()));
